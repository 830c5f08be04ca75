import type { LogEntry } from '@sealgate/protocol';

/**
 * Which check of the key log failed.
 *
 * - `signature`: the head is not signed by the pinned log key
 * - `consistency`: the head's tree does not begin with the tree that was seen before
 * - `old-head`: a head from before the one that was seen
 * - `inclusion`: a key statement is not in the log
 * - `chain`: the statements of an account do not follow from one another
 * - `known-keys`: statements that were verified before are gone, or were replaced
 * - `entries`: the log's entries do not hash to its head (one was left out or changed)
 * - `own-entry`: the log has keys of this account that it did not make
 * - `message-head`: a head that a message carries cannot belong to the same log
 */
export type LogCheck =
  | 'signature'
  | 'consistency'
  | 'old-head'
  | 'inclusion'
  | 'chain'
  | 'known-keys'
  | 'entries'
  | 'own-entry'
  | 'message-head';

/** A head as it was seen. `root` is base64url; `checkpoint` the signed note, where there was one. */
export interface SeenHead {
  readonly size: number;
  readonly root: string;
  readonly checkpoint?: string | undefined;
}

/** The server, or somebody between, was caught. Kept on the device until it is dismissed. */
export interface Alarm {
  readonly id: string;
  readonly check: LogCheck;
  /** RFC 3339, by this device's clock. */
  readonly at: string;
  readonly message: string;
  /** Whose keys it is about. */
  readonly userId?: string | undefined;
  /** Nothing is sealed while it stands. */
  readonly blocksSending: boolean;
  /** Both sides, to be shown to others: heads, proofs, entries, the message that carried a head. */
  readonly evidence: Readonly<Record<string, unknown>>;
}

/** Where this device stands in the key log. */
export interface LogStatus {
  /** The pinned verifier key (C2SP signed-note), null before the first look. */
  readonly key: string | null;
  readonly head: SeenHead | null;
  /** Up to where the entries were read and hashed for the watch over the own account. */
  readonly watchedSize: number;
  readonly alarms: readonly Alarm[];
}

/** The key log, as this device verifies it. */
export interface KeyLogApi {
  status(): Promise<LogStatus>;
  /** Looks at the newest head and verifies it. @throws SealgateError `key_log_alarm` with `members.alarm` */
  check(): Promise<LogStatus>;
  /**
   * Reads the log's entries since the last time, hashes them up to the head, and looks for keys of the own account that
   * this account did not make. Runs by itself at sign-in.
   *
   * @returns the foreign entries; each is an `own-entry` alarm too
   */
  watchOwn(): Promise<readonly LogEntry[]>;
  /** Takes an alarm off after somebody looked into it. Its evidence is handed back for the last time. */
  dismiss(alarmId: string): Promise<Alarm | null>;
  /**
   * Forgets the pinned key and head, and begins anew with what the server says now: after an operator has said, on
   * another way, that the log was restored from a backup. Contacts compared in person stay.
   */
  startOver(): Promise<void>;
}
