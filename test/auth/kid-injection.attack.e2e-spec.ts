import { decodeJwt } from 'jose';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'vitest';
import type { KeyPurpose } from '../../src/crypto/key-ring/server-key.entity.js';
import { useForger } from './forger.js';
import { compact, serverKey, type Changes } from './tokens.js';

const forger = useForger();
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });

describe('kid injection', () => {
  it.each([
    ['no kid', { header: { kid: undefined } }],
    ['a kid that is a number', { header: { kid: 0 } }],
    ['a kid that is a list', { header: { kid: [] } }],
    ['an unknown kid', { header: { kid: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' } }],
    ['a kid that is a path', { header: { kid: '../../../../dev/null' } }],
    ['a kid that is SQL', { header: { kid: "' UNION SELECT '' --" } }],
    ['a kid that is a shell command', { header: { kid: '$(id)|id;`id`' } }],
    ['a kid of every object', { header: { kid: '__proto__' } }],
    ['the kid constructor', { header: { kid: 'constructor' } }],
    ['a kid with a NUL', { header: { kid: 'a\u0000b' } }],
    ['a kid that is a URL', { header: { kid: 'https://evil.example/jwks.json' } }],
  ] as [string, Changes][])('refuses what the server signed itself with %s', async (_, changes) => {
    await forger.expectRefused(await forger.genuine(changes));
  });

  it('refuses a key that the token brings along', async () => {
    const jwk = stranger.publicKey.export({ format: 'jwk' });
    await forger.expectRefused(await forger.genuine({ header: { jwk }, key: stranger.privateKey }));
    await forger.expectRefused(
      await forger.genuine({ header: { jwk, kid: undefined }, key: stranger.privateKey }),
    );
    await forger.expectRefused(await forger.genuine({ header: { jwk: serverKey(forger.server).publicJwk } }));
  });

  it('refuses keys of the ring that are for another purpose', async () => {
    const purposes: [KeyPurpose, string][] = [
      ['sealed-signature', 'ES256'],
      ['key-log', 'EdDSA'],
      ['key-log', 'ES256'],
    ];
    for (const [purpose, alg] of purposes) {
      const { kid, privateKey } = serverKey(forger.server, purpose);
      const parts = forger.token.split('.');
      const forged =
        purpose === 'key-log' && alg === 'ES256'
          ? compact({ alg, typ: 'at+jwt', kid }, decodeJwt(forger.token), parts[2])
          : await forger.genuine({ header: { kid, alg }, key: privateKey });
      await forger.expectRefused(forged);
    }
    // And their kid with the right key.
    for (const purpose of ['sealed-signature', 'key-log', 'sealed-encryption'] as const)
      await forger.expectRefused(
        await forger.genuine({ header: { kid: serverKey(forger.server, purpose).kid } }),
      );
  });
});
