/** Why a received envelope was not opened, in the order in which the checks run. */
export type OpenReason =
  | 'malformed'
  | 'misplaced'
  | 'not-for-this-key'
  | 'key-lost'
  | 'tampered'
  | 'unknown-sender-key'
  | 'bad-signature'
  | 'forwarded'
  | 'replayed'
  | 'inconsistent'
  | 'gap';

/** Why a key, a key statement or a chain of statements was refused. */
export type KeyReason =
  | 'malformed'
  | 'private-member'
  | 'algorithm'
  | 'modulus-too-small'
  | 'modulus-too-large'
  | 'exponent'
  | 'weak-modulus'
  | 'point-off-curve'
  | 'thumbprint'
  | 'user'
  | 'version'
  | 'previous'
  | 'reset'
  | 'reused-key'
  | 'signature';

/** Why a message could not be sealed, beyond the reasons of its keys. */
export type SealReason = 'malformed' | 'too-large';

/** Why a checkpoint or a Merkle proof was refused. */
export type LogReason = 'malformed' | 'out-of-range' | 'unknown-log' | 'bad-signature' | 'bad-proof';

/** Why a sealed request was refused. The server answers every one of them alike. */
export type SealedRequestReason =
  'malformed' | 'unknown-key' | 'tampered' | 'stale' | 'misdirected' | KeyReason;

/** Why a sealed response was refused: the client asks again. */
export type SealedResponseReason =
  'malformed' | 'not-for-this-key' | 'tampered' | 'unknown-key' | 'bad-signature' | 'mismatched';

/** Why a backup was not opened. */
export type BackupReason =
  'malformed' | 'mistyped-code' | 'no-such-slot' | 'wrong-secret' | 'tampered' | 'user';

/** Everything that this package refuses, and why. */
export type ProtocolReason =
  OpenReason | KeyReason | SealReason | LogReason | SealedRequestReason | SealedResponseReason | BackupReason;

/**
 * Input from outside broke a rule of the protocol. `reason` is for programs and is stable; `message` is for logs
 * and never holds key material or plaintext. A caller's own mistake is a `TypeError` instead.
 */
export class ProtocolError extends Error {
  override readonly name: string = 'ProtocolError';
  readonly reason: ProtocolReason;

  constructor(reason: ProtocolReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
