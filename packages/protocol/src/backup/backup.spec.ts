import { scryptSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { decodeBase64url, encodeBase64url } from '../base64url.js';
import { utf8 } from '../bytes.js';
import type { ProtocolReason } from '../errors.js';
import { exportAccountKeys } from '../keys/generate-account-keys.js';
import { quickRefusal, refusal } from '../testing/refusal.js';
import { testKeys } from '../testing/test-keys.js';
import type { Argon2id, Backup, BackupSecret } from './backup.js';
import { encryptDirect } from './direct-jwe.js';
import { appendToBackup, makeBackup } from './make-backup.js';
import { openBackup } from './open-backup.js';
import { parseBackup } from './parse-backup.js';
import { generateRecoveryCode } from './recovery-code.js';
import { slotKey } from './slot-key.js';

vi.setConfig({ testTimeout: 60_000 });

const user = '0b4b1dcb-3b2a-4d1c-9a57-0d8a3e3c8f10';
const [first, second] = [await testKeys('ada'), await testKeys('bob')];
const recovery: BackupSecret = { type: 'recovery-code', code: generateRecoveryCode() };
/** Stands in for Argon2id, whose place any function of the passphrase, the salt and the parameters can take. */
const argon2id: Argon2id = async ({ passphrase, salt, hashBytes, ...parameters }) =>
  new Uint8Array(
    scryptSync(passphrase, Buffer.concat([salt, Buffer.from(JSON.stringify(parameters))]), hashBytes, {
      N: 16,
    }),
  );
const passphrase: BackupSecret = { type: 'passphrase', passphrase: 'Grüße aus Köln', argon2id };
const { backup, appender } = await makeBackup({
  user,
  keys: [{ version: 1, keys: first }],
  secrets: [recovery, passphrase],
});
const opening = (value: unknown, secret: BackupSecret = recovery, owner = user) =>
  refusal(() => openBackup({ backup: value, user: owner, secret }));
const [code, phrase] = backup.slots;

describe('a backup', () => {
  it('opens with the recovery code and with the passphrase, into keys that cannot leave', async () => {
    for (const secret of [recovery, passphrase]) {
      const opened = await openBackup({ backup: JSON.parse(JSON.stringify(backup)), user, secret });
      expect(
        opened.keys.map(({ version, keys }) => [version, keys.encryption.jwk, keys.signing.jwk]),
      ).toEqual([[1, first.encryption.jwk, first.signing.jwk]]);
      const [versioned] = opened.keys;
      expect(versioned?.keys.encryption.privateKey).toMatchObject({ extractable: false, type: 'private' });
      expect(versioned?.keys.signing.privateKey).toMatchObject({ extractable: false, type: 'private' });
    }
    const { keys } = await openBackup({ backup, user, secret: recovery, extractable: true });
    expect(await exportAccountKeys(keys[0]?.keys ?? second)).toEqual(await exportAccountKeys(first));
  });

  it('grows by a version without its secrets, and opens as before', async () => {
    const { appender: reopened } = await openBackup({ backup, user, secret: recovery });
    for (const added of [appender, reopened]) {
      const grown = await appendToBackup(backup, added, user, { version: 2, keys: second });
      expect(grown.slots).toEqual(backup.slots);
      const { keys } = await openBackup({ backup: grown, user, secret: passphrase });
      expect(keys.map(({ version }) => version)).toEqual([1, 2]);
    }
  });

  it('cannot be read with the right to add to it', async () => {
    expect(appender.key).toMatchObject({ extractable: false, usages: ['encrypt'] });
  });

  it('takes a passphrase in whichever form a keyboard writes it', async () => {
    const typed = { ...passphrase, passphrase: passphrase.passphrase.normalize('NFD') };
    expect(typed.passphrase).not.toBe(passphrase.passphrase);
    expect(await opening(backup, typed)).toBeUndefined();
  });

  it('asks Argon2id for what RFC 9106 asks for', async () => {
    const asked: unknown[] = [];
    const spy: Argon2id = async (input) => {
      asked.push({ ...input, passphrase: input.passphrase.length, salt: input.salt.length });
      return argon2id(input);
    };
    await openBackup({ backup, user, secret: { ...passphrase, argon2id: spy } });
    expect(asked).toEqual([
      { memoryKiB: 65_536, iterations: 3, parallelism: 1, hashBytes: 32, passphrase: 17, salt: 32 },
    ]);
  });

  it('derives this key from this recovery code', async () => {
    const known: BackupSecret = { type: 'recovery-code', code: generateRecoveryCode(new Uint8Array(22)) };
    const parameters = { memoryKiB: 0, iterations: 0, parallelism: 0 };
    expect(encodeBase64url(await slotKey(known, new Uint8Array(32), parameters))).toBe(
      'D8HQYn86tCkrDfppotbW29CzN3V18Tn6zujzOiv6AlM',
    );
  });

  it('refuses wrong secrets, other accounts and slots that are not there', async () => {
    expect(await opening(backup, { type: 'recovery-code', code: generateRecoveryCode() })).toBe(
      'wrong-secret',
    );
    expect(await opening(backup, { ...passphrase, passphrase: 'Grüße aus Bonn' })).toBe('wrong-secret');
    expect(await opening(backup, recovery, user.replace('0', '1'))).toBe('user');
    expect(await opening({ ...backup, slots: [code] }, passphrase)).toBe('no-such-slot');
    expect(await opening(backup, { ...passphrase, passphrase: '' })).toBe('malformed');
  });

  it('is not made without a recovery code, without keys, or with a broken Argon2id', async () => {
    const keys = [{ version: 1, keys: first }];
    expect(await refusal(() => makeBackup({ user, keys, secrets: [passphrase] }))).toBe('malformed');
    expect(await refusal(() => makeBackup({ user, keys: [], secrets: [recovery] }))).toBe('malformed');
    const broken = { ...passphrase, argon2id: async () => new Uint8Array(16) };
    await expect(makeBackup({ user, keys, secrets: [recovery, broken] })).rejects.toThrow(TypeError);
  });
});

describe('a server', () => {
  it('cannot mix the parts of two backups', async () => {
    const other = await makeBackup({ user, keys: [{ version: 2, keys: second }], secrets: [recovery] });
    expect(await opening({ ...backup, keys: other.backup.keys })).toBe('tampered');
    expect(await opening({ ...backup, keys: [...backup.keys, ...other.backup.keys] })).toBe('tampered');
    expect(await opening({ ...backup, keys: [...backup.keys, ...backup.keys] })).toBe('malformed');
  });

  it.each<[string, (backup: Backup) => unknown]>([
    ['no version', ({ keys, slots }) => ({ keys, slots })],
    ['another version', (old) => ({ ...old, v: 2 })],
    ['another member', (old) => ({ ...old, hint: 'dog' })],
    ['no keys', (old) => ({ ...old, keys: [] })],
    ['no slots', (old) => ({ ...old, slots: [] })],
    ['a slot twice', (old) => ({ ...old, slots: [code, code] })],
    ['an unknown slot', (old) => ({ ...old, slots: [{ ...code, type: 'prf' }] })],
    ['an unknown slot with parameters', (old) => ({ ...old, slots: [{ ...phrase, type: 'prf' }] })],
    ['parameters of the wrong slot', (old) => ({ ...old, slots: [{ ...code, memoryKiB: 65_536 }] })],
    ['no parameters', (old) => ({ ...old, slots: [{ ...code, type: 'passphrase' }] })],
    ['weak parameters', (old) => ({ ...old, slots: [{ ...phrase, memoryKiB: 1024 }] })],
    ['one pass', (old) => ({ ...old, slots: [{ ...phrase, iterations: 1 }] })],
    ['parameters that exhaust', (old) => ({ ...old, slots: [{ ...phrase, memoryKiB: 2 ** 30 }] })],
    ['passes that never end', (old) => ({ ...old, slots: [{ ...phrase, iterations: 1e9 }] })],
    ['a short salt', (old) => ({ ...old, slots: [{ ...code, salt: 'AAAA' }] })],
    ['a slot in place of the keys', (old) => ({ ...old, keys: [code?.key] })],
    ['keys in place of a slot', (old) => ({ ...old, slots: [{ ...code, key: old.keys[0] }] })],
  ])('is refused with %s', async (_, change) => {
    expect(await opening(change(backup))).toBe('malformed');
  });

  it.each<Record<string, unknown>>([
    { alg: 'A256GCMKW' },
    { alg: 'PBES2-HS512+A256KW', p2c: 1e9 },
    { enc: 'A128GCM' },
    { zip: 'DEF' },
    { typ: 'JWT' },
  ])('is refused with the header %j', async (header) => {
    const [old = '', ...rest] = (code?.key ?? '').split('.');
    const changed = encodeBase64url(
      utf8(JSON.stringify({ ...(JSON.parse(atob(old)) as object), ...header })),
    );
    expect(await opening({ ...backup, slots: [{ ...code, key: [changed, ...rest].join('.') }] })).toBe(
      'malformed',
    );
  });

  it('cannot change a bit', async () => {
    const flip = (jwe: string, part: number, bit: number) => {
      const parts = jwe.split('.');
      const bytes = decodeBase64url(parts[part] ?? '');
      const index = Math.floor(bit / 8) % bytes.length;
      bytes[index] = (bytes[index] ?? 0) ^ (1 << (bit % 8));
      return parts.map((text, i) => (i === part ? encodeBase64url(bytes) : text)).join('.');
    };
    const reasons: unknown[] = ['malformed', 'wrong-secret', 'tampered'];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(0, 2, 3, 4), fc.nat(), async (part, bit) => {
        const slots = [{ ...code, key: flip(code?.key ?? '', part, bit) }];
        expect(reasons).toContain(await opening({ ...backup, slots }));
        expect(reasons).toContain(
          await opening({ ...backup, keys: [flip(backup.keys[0] ?? '', part, bit)] }),
        );
      }),
    );
  });

  it('is refused with arbitrary JSON', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.jsonValue(), fc.uint8Array()),
        fc.constantFrom('keys', 'slots'),
        async (value, name) => {
          expect(await quickRefusal(() => parseBackup(value))).toBe('malformed');
          expect(await quickRefusal(() => parseBackup({ ...backup, [name]: value }))).toBe('malformed');
          expect(await quickRefusal(() => parseBackup({ ...backup, [name]: [value] }))).toBe('malformed');
        },
      ),
    );
  });
});

it('refuses a backup key of another length, made by whoever has the secret', async () => {
  const parameters = { memoryKiB: 0, iterations: 0, parallelism: 0 };
  const key = await slotKey(recovery, new Uint8Array(32), parameters);
  for (const length of [16, 33]) {
    const jwe = await encryptDirect(new Uint8Array(length), key, 'sealgate-backup-slot+jwe');
    const slots = [{ type: 'recovery-code', salt: encodeBase64url(new Uint8Array(32)), key: jwe }];
    expect(await opening({ ...backup, slots })).toBe('malformed');
  }
});

it.each<[ProtocolReason, string, (jwks: Record<string, Record<string, unknown>>) => object]>([
  ['malformed', 'of another version', () => ({ v: 2 })],
  ['malformed', 'with another member', () => ({ extra: 1 })],
  [
    'malformed',
    'with the private key of another',
    (jwks) => ({ signingKey: { ...jwks.signingKey, d: 'A'.repeat(42) + 'E' } }),
  ],
  ['malformed', 'without a private key', () => ({ signingKey: first.signing.jwk })],
  ['exponent', 'with a weak key', (jwks) => ({ encryptionKey: { ...jwks.encryptionKey, e: 'AQ' } })],
  [
    'thumbprint',
    'under another name',
    (jwks) => ({ encryptionKey: { ...jwks.encryptionKey, kid: jwks.signingKey?.kid } }),
  ],
])('refuses as %s a backup, made by whoever has the secret, %s', async (reason, _, change) => {
  const jwks = (await exportAccountKeys(first)) as unknown as Record<string, Record<string, unknown>>;
  const content = { v: 1, user, version: 1, ...jwks, ...change(jwks) };
  const jwe = await encryptDirect(utf8(JSON.stringify(content)), appender.key, 'sealgate-backup-keys+jwe');
  expect(await opening({ ...backup, keys: [jwe] })).toBe(reason);
});
