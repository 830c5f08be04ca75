import { encodeBase64url } from '../base64url.js';
import { type Bytes, utf8 } from '../bytes.js';
import { exportAccountKeys } from '../keys/generate-account-keys.js';
import { check } from '../shape.js';
import {
  ARGON2_PARAMETERS,
  type Backup,
  BACKUP_KEYS_TYP,
  BACKUP_SLOT_TYP,
  type BackupAppender,
  type BackupSecret,
  type BackupSlot,
  type VersionedKeys,
} from './backup.js';
import { encryptDirect } from './direct-jwe.js';
import { parseBackup } from './parse-backup.js';
import { slotKey } from './slot-key.js';

const KEY_BYTES = 32;
const SALT_BYTES = 32;

/** What to back up, and the secrets that are to open it: the recovery code, and perhaps a passphrase. */
export interface BackupInput {
  readonly user: string;
  /** Every version of the account's keys, the oldest first, extractable. */
  readonly keys: readonly VersionedKeys[];
  readonly secrets: readonly BackupSecret[];
}

/** Encrypts the account's keys under a new random key, and that key under every secret. */
export async function makeBackup({
  user,
  keys,
  secrets,
}: BackupInput): Promise<{ readonly backup: Backup; readonly appender: BackupAppender }> {
  check(
    secrets.some(({ type }) => type === 'recovery-code'),
    'a backup needs a recovery code',
  );
  const backupKey = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  const appender = await makeAppender(backupKey);
  const backup = parseBackup({
    v: 1,
    keys: await Promise.all(keys.map((versioned) => sealKeys(appender, user, versioned))),
    slots: await Promise.all(secrets.map((secret) => makeSlot(secret, backupKey))),
  });
  return { backup, appender };
}

/** The backup with one more version of the keys. Its slots stay: the recovery code does not change with the keys. */
export async function appendToBackup(
  backup: Backup,
  appender: BackupAppender,
  user: string,
  newest: VersionedKeys,
): Promise<Backup> {
  return parseBackup({ ...backup, keys: [...backup.keys, await sealKeys(appender, user, newest)] });
}

/** The right to add to the backup of this key. */
export async function makeAppender(backupKey: Uint8Array): Promise<BackupAppender> {
  return { key: await crypto.subtle.importKey('raw', backupKey as Bytes, 'AES-GCM', false, ['encrypt']) };
}

async function sealKeys(
  { key }: BackupAppender,
  user: string,
  { version, keys }: VersionedKeys,
): Promise<string> {
  const content = { v: 1, user, version, ...(await exportAccountKeys(keys)) };
  return encryptDirect(utf8(JSON.stringify(content)), key, BACKUP_KEYS_TYP);
}

async function makeSlot(secret: BackupSecret, backupKey: Bytes): Promise<BackupSlot> {
  const random = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  const key = await encryptDirect(
    backupKey,
    await slotKey(secret, random, ARGON2_PARAMETERS),
    BACKUP_SLOT_TYP,
  );
  const salt = encodeBase64url(random);
  return secret.type === 'recovery-code'
    ? { type: secret.type, salt, key }
    : { type: secret.type, salt, key, ...ARGON2_PARAMETERS };
}
