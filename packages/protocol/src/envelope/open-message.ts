import type { CryptoKey } from 'jose';
import { fromUtf8 } from '../bytes.js';
import { ProtocolError } from '../errors.js';
import { parseCompactJws } from '../jose/compact-jws.js';
import { decryptRsa } from '../jose/decrypt-rsa.js';
import { verifyEs256 } from '../jose/verify-es256.js';
import type { SigningJwk } from '../keys/jwk.js';
import { check, exactObject, sha256TextOf } from '../shape.js';
import { type ChatHistory, checkHistory } from './check-history.js';
import {
  type EnvelopeRecipient,
  MESSAGE_TYP,
  type MessagePayload,
  type OpenedMessage,
  type ParsedEnvelope,
} from './envelope.js';
import { envelopeHash, recipientsHash } from './envelope-hash.js';
import { HistoryError } from './history-error.js';
import { parsePayload } from './message-payload.js';
import { MAX_PAYLOAD_LENGTH, parseWithRecipients } from './parse-envelope.js';

/** Where the server says that a message stands. */
export interface MessageRow {
  readonly id: string;
  readonly chatId: string;
  readonly senderId: string;
  readonly seq: number;
}

/** What the reader can open. */
export interface Reader {
  /** The private encryption keys at hand, by `kid`. */
  readonly keys: ReadonlyMap<string, CryptoKey>;
  /** The `kid`s that were the reader's once and whose private keys are gone. */
  readonly lostKids: ReadonlySet<string>;
}

/** What to open, and what the checks need. */
export interface OpenInput {
  /** The envelope as parsed JSON, from anyone. */
  readonly envelope: unknown;
  readonly row: MessageRow;
  readonly reader: Reader;
  /** A signing key of this user by its `kid`, out of the user's verified key statements, older versions too. */
  readonly senderKey: (user: string, kid: string) => SigningJwk | undefined | Promise<SigningJwk | undefined>;
  /** What the device knows of the chat; left out, the checks of history are left out too. */
  readonly history?: (message: OpenedMessage) => ChatHistory | Promise<ChatHistory>;
}

/**
 * Opens a message, or says which check failed. The order of the checks is part of the protocol: the reason that a
 * reader sees is the first.
 *
 * @throws ProtocolError with an `OpenReason`
 * @throws HistoryError with `replayed`, `inconsistent` or `gap`, and the message, which is authentic
 */
export async function openMessage(input: OpenInput): Promise<OpenedMessage> {
  const { row, reader, senderKey, history } = input;
  const envelope = parseWithRecipients(input.envelope, 0);
  const { header, json } = envelope;
  if (header.id !== row.id || header.chat !== row.chatId || header.from !== row.senderId) {
    throw new ProtocolError('misplaced', 'the envelope belongs to another message, chat or sender');
  }
  const { recipient, key } = ownRecipient(envelope, reader);
  const plaintext = await decryptRsa({ ...json, encrypted_key: recipient.encrypted_key }, key);
  const { payload, kid, ...jws } = parseMessage(plaintext);
  const signingKey = await senderKey(row.senderId, kid);
  if (signingKey?.kid !== kid) {
    throw new ProtocolError(
      'unknown-sender-key',
      'the message is signed by a key that is not a key of the sender',
    );
  }
  if (!(await verifyEs256(jws.signedData, jws.signature, signingKey))) {
    throw new ProtocolError('bad-signature', 'the signature does not verify');
  }
  await requireSameDestination(payload, envelope, recipient.header.kid);
  const message: OpenedMessage = { ...payload, seq: row.seq, hash: await envelopeHash(json), signedBy: kid };
  const failure = history === undefined ? null : checkHistory(message, await history(message));
  if (failure !== null) throw new HistoryError(failure, message);
  return message;
}

function ownRecipient({ json }: ParsedEnvelope, { keys, lostKids }: Reader) {
  for (const recipient of json.recipients) {
    const key = keys.get(recipient.header.kid);
    if (key !== undefined) return { recipient, key };
  }
  if (json.recipients.some(({ header }) => lostKids.has(header.kid))) {
    throw new ProtocolError('key-lost', 'the message is for a key that the reader no longer has');
  }
  throw new ProtocolError('not-for-this-key', 'the message is not for a key of the reader');
}

function parseMessage(plaintext: Uint8Array) {
  const { header, payload, signedData, signature } = parseCompactJws(fromUtf8(plaintext), MAX_PAYLOAD_LENGTH);
  const { alg, kid, typ } = exactObject(header, 'the inner header', ['alg', 'kid', 'typ']);
  check(alg === 'ES256' && typ === MESSAGE_TYP, 'the content is not a signed message');
  return { payload: parsePayload(payload), kid: sha256TextOf(kid, 'kid'), signedData, signature };
}

/**
 * A member can decrypt a message and encrypt it anew for somebody else, but not sign it anew: what the sender signed
 * must name this place and these recipients.
 */
async function requireSameDestination(
  payload: MessagePayload,
  { header }: ParsedEnvelope,
  ownKid: EnvelopeRecipient['header']['kid'],
): Promise<void> {
  const isSamePlace =
    payload.id === header.id && payload.chat === header.chat && payload.from === header.from;
  if (!isSamePlace || !payload.to.includes(ownKid) || (await recipientsHash(payload.to)) !== header.to) {
    throw new ProtocolError('forwarded', 'the message was sealed for another place or other recipients');
  }
}
