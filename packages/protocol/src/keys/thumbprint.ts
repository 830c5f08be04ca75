import { sha256Base64url } from '../hash.js';
import { canonicalize } from '../json/canonicalize.js';

/** The members that make an RSA or P-256 key what it is. */
export type KeyMaterial =
  | { readonly kty: 'RSA'; readonly n: string; readonly e: string }
  | { readonly kty: 'EC'; readonly crv: string; readonly x: string; readonly y: string };

/** A key's SHA-256 thumbprint in base64url, 43 characters: its `kid`. @see RFC 7638 §3 */
export async function thumbprint(key: KeyMaterial): Promise<string> {
  const material =
    key.kty === 'RSA'
      ? { e: key.e, kty: key.kty, n: key.n }
      : { crv: key.crv, kty: key.kty, x: key.x, y: key.y };
  return sha256Base64url(canonicalize(material));
}
