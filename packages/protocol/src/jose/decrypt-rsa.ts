import { type CryptoKey, flattenedDecrypt } from 'jose';
import { ProtocolError } from '../errors.js';
import type { CompactJwe } from './compact-jwe.js';

/**
 * The plaintext of a JWE for one recipient, by RSA-OAEP-256 and A256GCM and nothing else, whatever the header asks for.
 *
 * @throws ProtocolError `tampered`: a wrong key, a changed bit and a wrong algorithm look alike
 * @see RFC 7516 §11.5
 */
export async function decryptRsa(
  jwe: Omit<CompactJwe, 'header'>,
  privateKey: CryptoKey,
): Promise<Uint8Array> {
  try {
    const { encrypted_key, iv, ciphertext, tag } = jwe;
    const { plaintext } = await flattenedDecrypt(
      { protected: jwe.protected, encrypted_key, iv, ciphertext, tag },
      privateKey,
      { keyManagementAlgorithms: ['RSA-OAEP-256'], contentEncryptionAlgorithms: ['A256GCM'] },
    );
    return plaintext;
  } catch (cause) {
    throw new ProtocolError('tampered', 'the JWE cannot be decrypted', { cause });
  }
}
