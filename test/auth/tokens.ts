import { CompactSign, decodeJwt, decodeProtectedHeader, type JWTPayload } from 'jose';
import type { KeyObject } from 'node:crypto';
import { KeyRing, type RingKey } from '../../src/crypto/key-ring/key-ring.service.js';
import type { KeyPurpose } from '../../src/crypto/key-ring/server-key.entity.js';
import type { Answer, Browser } from '../support/browser.js';
import type { TestApp } from '../support/test-app.js';

/** The server's own key: what an attacker does not have, to show that nothing but the one changed thing is refused. */
export function serverKey(server: TestApp, purpose: KeyPurpose = 'access-token'): RingKey {
  return server.app.get(KeyRing).active(purpose);
}

/** The cookie's value; throws where there is none. */
export function cookieOf(browser: Browser, name: string): string {
  const cookie = browser.cookies.get(name);
  if (cookie === undefined) throw new Error(`no cookie ${name}`);
  return cookie.value;
}

export interface Changes {
  header?: Record<string, unknown>;
  payload?: Record<string, unknown>;
  key?: KeyObject | Uint8Array;
}

/** The same token with some members changed (`undefined` takes one away), signed anew. */
export function forge(
  token: string,
  { header = {}, payload = {}, key }: Changes,
  ownKey: KeyObject,
): Promise<string> {
  const newHeader = { ...decodeProtectedHeader(token), ...header };
  const newPayload: JWTPayload = { ...decodeJwt(token), ...payload };
  const bytes = new TextEncoder().encode(JSON.stringify(newPayload));
  const critical = Object.fromEntries((newHeader.crit ?? []).map((name) => [name, true]));
  return new CompactSign(bytes)
    .setProtectedHeader(newHeader as { alg: string })
    .sign(key ?? ownKey, { crit: critical });
}

/** A token from parts as they stand; a part that is no string becomes JSON. */
export function compact(header: unknown, payload: unknown, signature = ''): string {
  const part = (value: unknown): string =>
    Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
  return `${part(header)}.${part(payload)}.${signature}`;
}

/** Asks with the token as bearer and as cookie; both must be told the same. */
export async function present(server: TestApp, token: string, path = '/auth/me'): Promise<Answer[]> {
  return Promise.all([
    server.browser({ authorization: `Bearer ${token}` }).get(path),
    server.browser({ cookie: `jwt=${token}` }).get(path),
  ]);
}
