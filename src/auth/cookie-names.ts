/** The contract's cookies. The prefixes need `Secure`, so plain http (localhost) has names without them. */
export interface CookieNames {
  readonly access: string;
  readonly refresh: string;
  readonly oauth: string;
}

/** @see api.md §2, RFC 6265bis §4.1.3 */
export function cookieNames(secure: boolean): CookieNames {
  return secure
    ? { access: '__Host-jwt', refresh: '__Secure-refresh', oauth: '__Host-oauth' }
    : { access: 'jwt', refresh: 'refresh', oauth: 'oauth' };
}
