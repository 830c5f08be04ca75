import type { EncryptionJwk, SigningJwk } from '@sealgate/protocol';

/**
 * - `ready`: the account's current keys are on this device
 * - `missing`: the account has no keys; `keys.ensure()` makes them
 * - `locked`: the account has keys, but the current ones are not here; `backup.restore()`, or `backup.reset()`
 */
export type KeyState = 'ready' | 'missing' | 'locked';

/** The own keys on this device. */
export interface KeyStatus {
  readonly state: KeyState;
  /** Of the account's current keys; 0 where there are none. */
  readonly version: number;
  /** Versions whose private keys are here. */
  readonly versionsHere: readonly number[];
  /** Versions whose private keys are not here: what was sealed to them cannot be read on this device. */
  readonly versionsLost: readonly number[];
  /** A recovery code waits to be written down: see `backup.create()` and `backup.confirm()`. */
  readonly hasUnconfirmedCode: boolean;
}

/** What is being done, for a progress line. */
export type KeyStep =
  | 'generating'
  /** The passphrase is turned into a key, with a `fraction`. */
  | 'deriving'
  | 'sealing-backup'
  | 'registering'
  | 'saving-backup'
  | 'checking-backup'
  | 'done';

/** How to watch long work. `fraction` is from 0 to 1, where it is known. */
export interface KeyProgress {
  readonly onProgress?: ((step: KeyStep, fraction?: number) => void) | undefined;
}

/** How far somebody's keys are known on this device. */
export type Trust =
  /** Seen and proven by the key log. */
  | 'log'
  /** Compared in person. */
  | 'compared'
  /** Others than were seen before; sending goes on. */
  | 'changed'
  /** Others than were compared in person; sending waits for `keys.accept` or `keys.markCompared`. */
  | 'changed-after-compare';

/** One version of somebody's keys. */
export interface KeyVersion {
  readonly version: number;
  readonly kids: { readonly encryption: string; readonly signing: string };
  /** RFC 3339, as its owner said. */
  readonly createdAt: string;
  /** The owner had lost the keys before: nobody vouched for these but the log. */
  readonly reset: boolean;
  /** Its place in the key log. */
  readonly logIndex: number;
}

/** Somebody's verified keys. */
export interface ContactKeys {
  readonly userId: string;
  readonly trust: Trust;
  readonly current: KeyVersion & { readonly encryptionKey: EncryptionJwk; readonly signingKey: SigningJwk };
  /** The oldest first. */
  readonly history: readonly KeyVersion[];
  /** The head of the log under which they were last proven. */
  readonly log: { readonly size: number; readonly root: string };
}

/** The account's own keys, and everybody's, verified. */
export interface KeysApi {
  status(): Promise<KeyStatus>;
  /**
   * Makes the account's keys if it has none, with their backup, and registers them. Safe to call at every start and in
   * several tabs; a run that was cut off is finished. Afterwards `backup.create()` gives the recovery code to show.
   *
   * @returns `locked` where the account has keys that are not on this device
   */
  ensure(progress?: KeyProgress): Promise<KeyStatus>;
  /**
   * Somebody's keys, checked: the log's signature, its consistency with what was seen, their place in it, their chain.
   * Answers from memory while nothing has changed, unless `fresh`.
   *
   * @returns null where the person has no keys
   * @throws SealgateError `key_log_alarm`
   */
  of(userId: string, options?: { readonly fresh?: boolean }): Promise<ContactKeys | null>;
  /** The 60 digits that two people compare, in twelve groups of five; `qr` are the bare digits. */
  safetyNumber(userId: string): Promise<{ readonly digits: string; readonly qr: string }>;
  /** The digits were compared in person, and are the same: the current keys are marked. */
  markCompared(userId: string): Promise<void>;
  /** Takes the mark off. */
  unmarkCompared(userId: string): Promise<void>;
  /** Goes on with changed keys. They count as proven by the log, and no longer as compared. */
  accept(userId: string): Promise<void>;
}
