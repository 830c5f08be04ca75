import { parseCompactJwe } from '../jose/compact-jwe.js';
import { arrayOf, base64urlOf, check, exactObject, integerOf } from '../shape.js';
import { type Backup, BACKUP_KEYS_TYP, BACKUP_SLOT_TYP, type BackupSlot } from './backup.js';

/** Private JWKs of 4096 bits have some 4 000 bytes. */
const MAX_KEYS_LENGTH = 16_384;
const MAX_SLOT_LENGTH = 512;
const MAX_VERSIONS = 1000;
const SALT_LENGTH = 43;

/**
 * A backup's syntax. The parameters of Argon2id have a floor, and a ceiling that keeps a hostile server from
 * exhausting the device.
 *
 * @param value the backup as parsed JSON, from anyone
 * @throws ProtocolError `malformed`
 */
export function parseBackup(value: unknown): Backup {
  const backup = exactObject(value, 'the backup', ['v', 'keys', 'slots']);
  check(backup.v === 1, 'the backup is of an unknown kind');
  const keys = arrayOf(backup.keys, 'keys', 1, MAX_VERSIONS).map((jwe) =>
    directJwe(jwe, BACKUP_KEYS_TYP, MAX_KEYS_LENGTH),
  );
  const slots = arrayOf(backup.slots, 'slots', 1, 2).map(parseSlot);
  check(new Set(slots.map(({ type }) => type)).size === slots.length, 'two slots are of the same type');
  return { v: 1, keys, slots };
}

function parseSlot(value: unknown): BackupSlot {
  const members = ['type', 'salt', 'key'] as const;
  const parameters = ['memoryKiB', 'iterations', 'parallelism'] as const;
  const slot = exactObject(value, 'a slot', members, parameters);
  const salt = base64urlOf(slot.salt, 'salt', SALT_LENGTH);
  const key = directJwe(slot.key, BACKUP_SLOT_TYP, MAX_SLOT_LENGTH);
  if (slot.type === 'recovery-code') {
    exactObject(value, 'a slot', members);
    return { type: 'recovery-code', salt, key };
  }
  check(slot.type === 'passphrase', 'a slot is of an unknown type');
  return {
    type: 'passphrase',
    salt,
    key,
    memoryKiB: integerOf(slot.memoryKiB, 'memoryKiB', 65_536, 262_144),
    iterations: integerOf(slot.iterations, 'iterations', 3, 10),
    parallelism: integerOf(slot.parallelism, 'parallelism', 1, 4),
  };
}

function directJwe(value: unknown, expectedTyp: string, maxLength: number): string {
  const { header } = parseCompactJwe(value, 'dir', maxLength);
  const { alg, enc, typ } = exactObject(header, 'a header of the backup', ['alg', 'enc', 'typ']);
  check(alg === 'dir' && enc === 'A256GCM' && typ === expectedTyp, 'a part of the backup is of another kind');
  return String(value);
}
