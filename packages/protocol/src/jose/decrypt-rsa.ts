import { type CryptoKey, flattenedDecrypt } from 'jose';
import { ProtocolError } from '../errors.js';

/** What one recipient of a JWE needs, all of it strict base64url. */
export interface RecipientJwe {
  readonly protected: string;
  readonly encrypted_key: string;
  readonly iv: string;
  readonly ciphertext: string;
  readonly tag: string;
}

/**
 * The plaintext of a JWE for one recipient, by RSA-OAEP-256 and A256GCM and nothing else, whatever the header asks for.
 *
 * @throws ProtocolError `tampered`: a wrong key, a changed bit and a wrong algorithm look alike
 * @see RFC 7516 §11.5
 */
export async function decryptRsa(jwe: RecipientJwe, privateKey: CryptoKey): Promise<Uint8Array> {
  try {
    const { plaintext } = await flattenedDecrypt({ ...jwe }, privateKey, {
      keyManagementAlgorithms: ['RSA-OAEP-256'],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    return plaintext;
  } catch (cause) {
    throw new ProtocolError('tampered', 'the JWE cannot be decrypted', { cause });
  }
}
