import { compactDecrypt, CompactEncrypt, type CryptoKey } from 'jose';

/** Encrypts under a shared key of 256 bits. @see RFC 7518 §4.5 */
export async function encryptDirect(
  plaintext: Uint8Array,
  key: CryptoKey | Uint8Array,
  typ: string,
): Promise<string> {
  return new CompactEncrypt(plaintext).setProtectedHeader({ alg: 'dir', enc: 'A256GCM', typ }).encrypt(key);
}

/**
 * Decrypts with a shared key of 256 bits. The header has been checked before.
 *
 * @returns undefined for another key or a changed text, which look alike
 */
export async function decryptDirect(
  jwe: string,
  key: CryptoKey | Uint8Array,
): Promise<Uint8Array | undefined> {
  try {
    const { plaintext } = await compactDecrypt(jwe, key, {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    return plaintext;
  } catch {
    return undefined;
  }
}
