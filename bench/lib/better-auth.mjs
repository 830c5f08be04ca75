import { PASSWORD } from './people.mjs';
import { startListener } from './processes.mjs';

/** The peer with one account, `ada@example.org`. @returns its listener, with the cookie of the sign-up. */
export async function startBetterAuth(database, options = {}) {
  const peer = await startListener('peers/better-auth.mjs', { database, ...options });
  const signedUp = await fetch(`${peer.url}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'ada@example.org', password: PASSWORD, name: 'Ada' }),
  });
  return Object.assign(peer, { cookie: await cookieOf(signedUp) });
}

/** What a browser would send back. @throws with the answer where it is none of success. */
export async function cookieOf(answer) {
  if (!answer.ok) throw new Error(`sign-in at the peer: ${answer.status} ${await answer.text()}`);
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}
