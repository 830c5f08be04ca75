export {
  type BackupReason,
  type KeyReason,
  type LogReason,
  type OpenReason,
  ProtocolError,
} from './errors.js';
export type { ProtocolReason, SealedRequestReason, SealedResponseReason, SealReason } from './errors.js';
export { decodeBase64url, encodeBase64url, isBase64url } from './base64url.js';
export { sha256, sha256Base64url } from './hash.js';
export { canonicalize } from './json/canonicalize.js';
export type { JsonObject, JsonValue } from './json/json.js';
export { parseJsonObject } from './json/parse-json-object.js';

export type { AccountKeys, PrivateAccountJwks, Signer } from './keys/account-keys.js';
export { exportAccountKeys, generateAccountKeys } from './keys/generate-account-keys.js';
export { importAccountKeys } from './keys/import-account-keys.js';
export type { EncryptionJwk, PrivateEncryptionJwk, PrivateSigningJwk, SigningJwk } from './keys/jwk.js';
export type {
  KeyStatementJson,
  KeyStatementPayload,
  ParsedKeyStatement,
  VerifiedKeyStatement,
} from './keys/key-statement.js';
export { type KeyStatementInput, makeKeyStatement } from './keys/make-key-statement.js';
export { parseKeyStatement } from './keys/parse-key-statement.js';
export { parseEncryptionJwk, parseSigningJwk } from './keys/parse-public-jwk.js';
export { thumbprint } from './keys/thumbprint.js';
export { verifyKeyStatement, verifyStatementChain } from './keys/verify-key-statement.js';

export { type ChatHistory, checkHistory } from './envelope/check-history.js';
export type {
  Envelope,
  EnvelopeRecipient,
  MessageBody,
  MessageIds,
  MessagePayload,
  OpenedMessage,
  ParsedEnvelope,
} from './envelope/envelope.js';
export { MAX_RECIPIENTS } from './envelope/envelope.js';
export { envelopeHash, recipientsHash } from './envelope/envelope-hash.js';
export { HistoryError } from './envelope/history-error.js';
export type { MessageRow, OpenInput, Reader } from './envelope/open-message.js';
export { openMessage } from './envelope/open-message.js';
export { parseEnvelope, requireAllRecipients } from './envelope/parse-envelope.js';
export { readerEnvelope } from './envelope/reader-envelope.js';
export { type SealInput, sealMessage } from './envelope/seal-message.js';

export { decodeBase64, encodeBase64 } from './log/base64.js';
export { type Checkpoint, checkpointToBeSigned, formatCheckpoint } from './log/checkpoint.js';
export { parseCheckpoint, verifyCheckpoint } from './log/checkpoint.js';
export {
  appendLeaf,
  EMPTY_FRONTIER,
  type Frontier,
  frontierRoot,
  type HashedNode,
  readFrontier,
} from './log/frontier.js';
export { leafData, type LogEntry, logEntryOf, parseLeafData, parseLogEntry } from './log/log-entry.js';
export { emptyRoot, leafHash, nodeHash } from './log/merkle-hash.js';
export { parseProofHashes } from './log/proof-hashes.js';
export { consistencyProof, inclusionProof } from './log/prove.js';
export { parseNote, type SignedNote, signNote, verifyNote } from './log/signed-note.js';
export {
  formatEntryBundle,
  parseEntryBundle,
  parseTilePath,
  type Tile,
  TILE_HEIGHT,
  TILE_WIDTH,
  tilePath,
  tilesOf,
} from './log/tile.js';
export type { ReadNodes, TreeNode } from './log/tree-node.js';
export {
  formatVerifierKey,
  makeVerifierKey,
  parseVerifierKey,
  type VerifierKey,
} from './log/verifier-key.js';
export {
  type ConsistencyClaim,
  type InclusionClaim,
  verifyConsistency,
  verifyInclusion,
} from './log/verify-proofs.js';

export { formatSafetyNumber, safetyNumber, type SafetyNumberSide } from './safety-number.js';

export { type MadeSealedRequest, makeSealedRequest } from './sealed/make-sealed-request.js';
export { makeSealedResponse, type SealedResponseInput } from './sealed/make-sealed-response.js';
export { openSealedRequest, type OpenSealedRequestInput } from './sealed/open-sealed-request.js';
export { openSealedResponse, type OpenSealedResponseInput } from './sealed/open-sealed-response.js';
export { MAX_CLOCK_SKEW_SECONDS, type SealedRequest, type SealedResponse } from './sealed/sealed-request.js';

export type {
  Argon2id,
  Argon2Parameters,
  Backup,
  BackupAppender,
  BackupSecret,
  BackupSlot,
  VersionedKeys,
} from './backup/backup.js';
export { ARGON2_PARAMETERS } from './backup/backup.js';
export { appendToBackup, type BackupInput, makeBackup } from './backup/make-backup.js';
export { openBackup, type OpenBackupInput, type OpenedBackup } from './backup/open-backup.js';
export { parseBackup } from './backup/parse-backup.js';
export {
  formatRecoveryCode,
  generateRecoveryCode,
  parseRecoveryCode,
  type RecoveryCode,
} from './backup/recovery-code.js';
