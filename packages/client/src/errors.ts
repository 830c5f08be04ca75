/** One failed rule of a request; `pointer` is a JSON Pointer (RFC 6901) into the body or the query. */
export interface FieldError {
  readonly pointer: string;
  readonly detail: string;
}

/** The codes that this package makes itself; every other one is the server's, as its OpenAPI document lists them. */
export type ClientCode =
  /** No answer: offline, refused, cut off. Asking again is safe where the method says so. */
  | 'network'
  /** No answer in time. */
  | 'timeout'
  /** The answer is not what a Sealgate server sends. */
  | 'bad_response'
  /** The server cannot open what was sealed to it, not with its newest keys either. */
  | 'invalid_sealed_request'
  /** A sealed answer was refused: somebody between changed it. Whether the request was done is not known. */
  | 'sealed_response_refused'
  /** The key log does not prove what the server says: see `alarm`. Nothing was used. */
  | 'key_log_alarm'
  /** Two heads of the key log cannot both be true; nothing is sealed until `keyLog.dismiss` or `keyLog.startOver`. */
  | 'key_log_conflict'
  /** Keys of contacts who had been compared in person have changed: `userIds`; see `keys.accept`. */
  | 'contact_keys_changed'
  /** This account has no keys yet: `keys.ensure()`. */
  | 'keys_missing'
  /** The account has keys, but not on this device: `backup.restore()`, or `backup.reset()`. */
  | 'keys_locked'
  /** Somebody has no keys to seal to: `userIds`. The server's code too. */
  | 'user_without_keys'
  /** The server shows the chat with members that it cannot have; nothing was sealed. */
  | 'chat_changed'
  /** The recipients kept changing while the message was being sealed. */
  | 'recipients_unsettled'
  /** The message does not fit the largest envelope. */
  | 'message_too_large'
  /** The recovery code has a typing mistake. */
  | 'mistyped_code'
  /** The backup does not open with this code or passphrase. */
  | 'wrong_secret'
  /** The account has no backup. */
  | 'no_backup'
  /** The backup has no passphrase. */
  | 'no_passphrase'
  /** The backup is damaged, or of another account. */
  | 'damaged_backup'
  /** The backup was written, and then could not be read back and opened. It is not safe. */
  | 'backup_unverified';

/** What an error knows beside its code. */
export interface ErrorDetails {
  /** The HTTP status; null where there was no answer. */
  readonly status?: number | null;
  readonly detail?: string | undefined;
  readonly errors?: readonly FieldError[];
  /** Seconds to wait before asking again. */
  readonly retryAfter?: number | null;
  readonly requestId?: string | null;
  /** Further members of the problem document, such as `missing`, `extra`, `userIds`, `reason`. */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * Whatever goes wrong, by `code`: the server's (RFC 9457 problem documents) or a {@link ClientCode}. `message` is
 * English and for logs; never key material, tokens or plaintext.
 */
export class SealgateError extends Error {
  override readonly name = 'SealgateError';
  readonly code: string;
  readonly status: number | null;
  readonly detail: string | null;
  readonly errors: readonly FieldError[];
  readonly retryAfter: number | null;
  readonly requestId: string | null;
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.status = details.status ?? null;
    this.detail = details.detail ?? null;
    this.errors = details.errors ?? [];
    this.retryAfter = details.retryAfter ?? null;
    this.requestId = details.requestId ?? null;
    this.members = details.members ?? {};
  }
}

/** An error that this package makes, so that its code cannot be mistyped. */
export function clientError(code: ClientCode, message: string, details?: ErrorDetails): SealgateError {
  return new SealgateError(code, message, details);
}

/** Whether this is a {@link SealgateError} with one of these codes. */
export function hasCode(error: unknown, ...codes: readonly string[]): error is SealgateError {
  return error instanceof SealgateError && codes.includes(error.code);
}
