import { exportJWK, generateKeyPair } from 'jose';
import type { AccountKeys, PrivateAccountJwks } from './account-keys.js';
import { thumbprint } from './thumbprint.js';

/**
 * New keys from the platform's own random bytes: RSA 3072 and P-256. Extractable keys are for the moment in which
 * the backup is made; what stays in a browser is the non-extractable copy that `importAccountKeys` makes.
 */
export async function generateAccountKeys(
  options: { readonly extractable?: boolean } = {},
): Promise<AccountKeys> {
  const extractable = options.extractable ?? false;
  const [encryption, signing] = await Promise.all([
    generateKeyPair('RSA-OAEP-256', { modulusLength: 3072, extractable }),
    generateKeyPair('ES256', { extractable }),
  ]);
  const { n = '' } = await exportJWK(encryption.publicKey);
  const { x = '', y = '' } = await exportJWK(signing.publicKey);
  const rsa = { kty: 'RSA', n, e: 'AQAB', alg: 'RSA-OAEP-256', use: 'enc' } as const;
  const ec = { kty: 'EC', crv: 'P-256', x, y, alg: 'ES256', use: 'sig' } as const;
  return {
    encryption: { jwk: { ...rsa, kid: await thumbprint(rsa) }, privateKey: encryption.privateKey },
    signing: { jwk: { ...ec, kid: await thumbprint(ec) }, privateKey: signing.privateKey },
  };
}

/**
 * The private JWKs of extractable keys.
 *
 * @throws TypeError where the keys are not extractable
 */
export async function exportAccountKeys(keys: AccountKeys): Promise<PrivateAccountJwks> {
  const rsa = await exportJWK(keys.encryption.privateKey);
  const { d = '' } = await exportJWK(keys.signing.privateKey);
  const { d: exponent = '', p = '', q = '', dp = '', dq = '', qi = '' } = rsa;
  return {
    encryptionKey: { ...keys.encryption.jwk, d: exponent, p, q, dp, dq, qi },
    signingKey: { ...keys.signing.jwk, d },
  };
}
