import { decodeBase64url } from '../base64url.js';
import { ProtocolError } from '../errors.js';
import { parseJsonObject } from '../json/parse-json-object.js';
import { importAccountKeys } from '../keys/import-account-keys.js';
import { check, exactObject, integerOf, uuidOf } from '../shape.js';
import {
  ARGON2_PARAMETERS,
  type Backup,
  type BackupAppender,
  type BackupSecret,
  type VersionedKeys,
} from './backup.js';
import { decryptDirect } from './direct-jwe.js';
import { makeAppender } from './make-backup.js';
import { parseBackup } from './parse-backup.js';
import { slotKey } from './slot-key.js';

/** What to open, whose it must be, and with what. */
export interface OpenBackupInput {
  /** The backup as parsed JSON, from anyone. */
  readonly backup: unknown;
  readonly user: string;
  readonly secret: BackupSecret;
  /** Whether the keys are to be put into a backup again. Otherwise they cannot leave the browser. */
  readonly extractable?: boolean;
}

/** Every version of the account's keys, the oldest first, and the right to add to the backup. */
export interface OpenedBackup {
  readonly keys: readonly VersionedKeys[];
  readonly appender: BackupAppender;
}

/**
 * Opens a backup.
 *
 * @throws ProtocolError `malformed`, `no-such-slot`, `wrong-secret`, `tampered` where the keys do not open with the
 *   backup's own key, `user` for another account's backup, or the rule that a key breaks
 */
export async function openBackup(input: OpenBackupInput): Promise<OpenedBackup> {
  const { user, secret, extractable = false } = input;
  const backup = parseBackup(input.backup);
  const backupKey = await openSlot(backup, secret);
  const keys: VersionedKeys[] = [];
  for (const jwe of backup.keys) {
    const opened = await openKeys(jwe, backupKey, user, extractable);
    check(opened.version > (keys.at(-1)?.version ?? 0), "the backup's versions are not in order");
    keys.push(opened);
  }
  return { keys, appender: await makeAppender(backupKey) };
}

async function openSlot({ slots }: Backup, secret: BackupSecret): Promise<Uint8Array> {
  const slot = slots.find(({ type }) => type === secret.type);
  if (slot === undefined) throw new ProtocolError('no-such-slot', 'the backup does not open in this way');
  const parameters = slot.type === 'passphrase' ? slot : ARGON2_PARAMETERS;
  const backupKey = await decryptDirect(
    slot.key,
    await slotKey(secret, decodeBase64url(slot.salt), parameters),
  );
  if (backupKey === undefined)
    throw new ProtocolError('wrong-secret', 'the backup does not open with this secret');
  check(backupKey.length === 32, 'the backup key has the wrong length');
  return backupKey;
}

async function openKeys(
  jwe: string,
  key: Uint8Array,
  user: string,
  extractable: boolean,
): Promise<VersionedKeys> {
  const plaintext = await decryptDirect(jwe, key);
  if (plaintext === undefined)
    throw new ProtocolError('tampered', 'the keys do not open with the backup key');
  const members = ['v', 'user', 'version', 'encryptionKey', 'signingKey'] as const;
  const content = exactObject(parseJsonObject(plaintext), "the backup's content", members);
  check(content.v === 1, "the backup's content is of an unknown kind");
  if (uuidOf(content.user, 'user') !== user)
    throw new ProtocolError('user', 'this is the backup of another account');
  const { encryptionKey, signingKey } = content;
  return {
    version: integerOf(content.version, 'version', 1),
    keys: await importAccountKeys({ encryptionKey, signingKey }, { extractable }),
  };
}
