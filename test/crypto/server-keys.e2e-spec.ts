import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KeyRing } from '../../src/crypto/key-ring/key-ring.service.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp();
});
afterAll(() => server.close());

const RSA = ['alg', 'e', 'kid', 'kty', 'n', 'use'];
const EC = ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'];

describe('the server’s keys', () => {
  it('are public halves for encryption and signatures, for everybody, for five minutes', async () => {
    const answer = await server.browser().get('/api/crypto/server-keys');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('public, max-age=300');
    expect(Object.keys(answer.body)).toEqual(['keys']);
    for (const key of answer.body.keys)
      expect(Object.keys(key).toSorted()).toEqual(key.kty === 'RSA' ? RSA : EC);
    expect(answer.body.keys.map((key: { use: string; alg: string }) => `${key.use} ${key.alg}`)).toEqual([
      'enc RSA-OAEP-256',
      'enc RSA-OAEP-256',
      'sig ES256',
      'sig ES256',
    ]);
  });

  it('have the current key of each use first, before and after a rotation', async () => {
    const read = async (use: string): Promise<string[]> => {
      const { keys } = (await server.browser().get('/api/crypto/server-keys')).body;
      return keys.filter((key: { use: string }) => key.use === use).map((key: { kid: string }) => key.kid);
    };
    for (const [use, purpose] of [
      ['enc', 'sealed-encryption'],
      ['sig', 'sealed-signature'],
    ] as const) {
      const ring = server.app.get(KeyRing);
      const [current, next] = await read(use);
      expect(ring.active(purpose).kid).toBe(current);
      await ring.rotate(purpose);
      const after = await read(use);
      expect(after[0]).toBe(next);
      expect(after).toContain(current);
      expect(after).toHaveLength(3);
    }
  });
});
