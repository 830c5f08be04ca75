import type { KeyProgress, KeyStatus } from '../keys/key-types.js';

/** What opens a backup. */
export type BackupUnlock = { readonly recoveryCode: string } | { readonly passphrase: string };

/** What the server keeps for this account. */
export interface BackupStatus {
  readonly exists: boolean;
  /** RFC 3339; null where there is none. */
  readonly updatedAt: string | null;
  readonly hasPassphrase: boolean;
  /** The recovery code waits to be written down: `create()` shows it again. */
  readonly hasUnconfirmedCode: boolean;
}

/** The recovery code to show, and what the backup holds. */
export interface MadeBackup {
  /** Six groups of four. */
  readonly recoveryCode: string;
  /** The key versions in it. Older ones are lacking only where a browser made a new backup long after the keys. */
  readonly versions: readonly number[];
}

/** The encrypted backup of the account's keys: one recovery code, and a passphrase for who wants one. */
export interface BackupApi {
  status(): Promise<BackupStatus>;
  /**
   * Makes the backup and gives its recovery code, after reading it back and opening it with that code. Until
   * `confirm()` it gives the same code again, in case the page was closed before it was written down. Afterwards it
   * makes a new one: in browsers, where the keys cannot leave any more, with new keys (`versions` says which).
   */
  create(options?: { readonly passphrase?: string } & KeyProgress): Promise<MadeBackup>;
  /** The recovery code was written down: it is forgotten here. Give it back to check it, as typed. */
  confirm(typedCode?: string): Promise<void>;
  /** Brings keys and history to this device. @throws SealgateError `mistyped_code`, `wrong_secret`, `no_passphrase` */
  restore(unlock: BackupUnlock & KeyProgress): Promise<KeyStatus>;
  /**
   * Sets, changes or (null) takes off the passphrase. Opened with the passphrase alone, the backup gets a new recovery
   * code, which is given back.
   */
  changePassphrase(
    unlock: BackupUnlock & KeyProgress,
    newPassphrase: string | null,
  ): Promise<{ readonly recoveryCode: string | null }>;
  /** Deletes the backup. Keys stay on the devices that have them. */
  delete(): Promise<void>;
  /**
   * The keys are lost everywhere: makes new ones, which every contact is told. What was sealed to the old ones cannot
   * be read any more. Answers `reauthentication_required` where the sign-in is not fresh.
   */
  reset(options?: { readonly passphrase?: string } & KeyProgress): Promise<MadeBackup>;
}
