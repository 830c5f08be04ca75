import type { CryptoKey } from 'jose';
import type { AccountKeys } from '../keys/account-keys.js';
import type { RecoveryCode } from './recovery-code.js';

/** The `typ` of one version's keys, sealed under the backup key. */
export const BACKUP_KEYS_TYP = 'sealgate-backup-keys+jwe';

/** The `typ` of the backup key, sealed under a slot's secret. */
export const BACKUP_SLOT_TYP = 'sealgate-backup-slot+jwe';

/** How Argon2id is to be run. */
export interface Argon2Parameters {
  readonly memoryKiB: number;
  readonly iterations: number;
  readonly parallelism: number;
}

/** 64 MiB, three passes: a third of a second in a browser of today. @see RFC 9106 §4 */
export const ARGON2_PARAMETERS: Argon2Parameters = { memoryKiB: 65_536, iterations: 3, parallelism: 1 };

/** Argon2id, version 0x13, without secret and associated data, giving `hashBytes` bytes. */
export type Argon2id = (
  input: Argon2Parameters & {
    readonly passphrase: Uint8Array;
    readonly salt: Uint8Array;
    readonly hashBytes: number;
  },
) => Promise<Uint8Array>;

/** One way to the backup key, a compact JWE; `salt` is base64url of 32 bytes. */
export type BackupSlot =
  | { readonly type: 'recovery-code'; readonly salt: string; readonly key: string }
  | ({ readonly type: 'passphrase'; readonly salt: string; readonly key: string } & Argon2Parameters);

/** What the server keeps. `keys` has one compact JWE for each version of the account's keys, the oldest first. */
export interface Backup {
  readonly v: 1;
  readonly keys: readonly string[];
  readonly slots: readonly BackupSlot[];
}

/** One version of an account's keys. */
export interface VersionedKeys {
  readonly version: number;
  readonly keys: AccountKeys;
}

/** What opens a slot. */
export type BackupSecret =
  | { readonly type: 'recovery-code'; readonly code: RecoveryCode }
  | { readonly type: 'passphrase'; readonly passphrase: string; readonly argon2id: Argon2id };

/**
 * The right to add to a backup, as a non-extractable key that can encrypt and nothing else: a device may keep it,
 * and whoever breaks into the page still cannot read the backup with it.
 */
export interface BackupAppender {
  readonly key: CryptoKey;
}
