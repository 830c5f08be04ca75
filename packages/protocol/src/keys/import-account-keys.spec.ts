import { describe, expect, it, vi } from 'vitest';
import { refusal } from '../testing/refusal.js';
import { testKeys } from '../testing/test-keys.js';
import { exportAccountKeys, generateAccountKeys } from './generate-account-keys.js';
import { importAccountKeys } from './import-account-keys.js';

vi.setConfig({ testTimeout: 60_000 });

const ada = await exportAccountKeys(await testKeys('ada'));
const bob = await exportAccountKeys(await testKeys('bob'));
const reason = (value: unknown) => refusal(() => importAccountKeys(value));

describe('importAccountKeys', () => {
  it('takes what exportAccountKeys wrote, and keeps it from being exported again unless asked', async () => {
    const kept = await importAccountKeys(structuredClone(ada));
    expect(kept.encryption.privateKey).toMatchObject({ extractable: false });
    expect(kept.signing.privateKey).toMatchObject({ extractable: false });
    await expect(exportAccountKeys(kept)).rejects.toThrow(TypeError);
    expect(await exportAccountKeys(await importAccountKeys(ada, { extractable: true }))).toEqual(ada);
  });

  it('refuses private keys of another public key', async () => {
    const { n, kid } = ada.encryptionKey;
    expect(await reason({ ...ada, encryptionKey: { ...bob.encryptionKey, n, kid } })).toBe('malformed');
    expect(await reason({ ...ada, signingKey: { ...ada.signingKey, d: bob.signingKey.d } })).toBe(
      'malformed',
    );
  });

  it('refuses public keys, missing factors and other members', async () => {
    const { d: _d, ...publicKey } = ada.signingKey;
    const { qi: _qi, ...withoutFactor } = ada.encryptionKey;
    expect(await reason({ ...ada, signingKey: publicKey })).toBe('malformed');
    expect(await reason({ ...ada, encryptionKey: withoutFactor })).toBe('malformed');
    expect(await reason({ ...ada, encryptionKey: { ...ada.encryptionKey, oth: [] } })).toBe('malformed');
    expect(
      await reason({ ...ada, encryptionKey: { ...ada.encryptionKey, d: `${ada.encryptionKey.d}=` } }),
    ).toBe('malformed');
    expect(await reason({ ...ada, signingKey: { ...ada.signingKey, d: 1 } })).toBe('malformed');
    expect(await reason(null)).toBe('malformed');
  });
});

it('generates keys that cannot be exported unless asked', async () => {
  const keys = await generateAccountKeys();
  expect(keys.encryption.privateKey).toMatchObject({ extractable: false });
  expect(keys.encryption.privateKey.algorithm).toMatchObject({ name: 'RSA-OAEP', modulusLength: 3072 });
  expect(keys.signing.privateKey).toMatchObject({ extractable: false });
});
