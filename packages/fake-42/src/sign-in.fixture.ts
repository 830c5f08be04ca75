import { createHash } from 'node:crypto';
import { onTestFinished } from 'vitest';
import type { Fake42, Fake42Options } from './options.js';
import { startFake42 } from './server.js';

export const redirectUri = 'http://localhost:3000/auth/42/callback';
export const client = { clientId: 'client-id', clientSecret: 'client-secret', redirectUris: [redirectUri] };

const verifier = 'a-code-verifier-of-at-least-forty-three-characters';
const challenge = createHash('sha256').update(verifier).digest('base64url');

/** A fake 42 that is closed when the test ends. */
export async function startFake(options: Partial<Fake42Options> = {}): Promise<Fake42> {
  const fake = await startFake42({ ...client, autoApprove: true, ...options });
  onTestFinished(() => fake.close());
  return fake;
}

export const authorizeParameters = {
  response_type: 'code',
  client_id: client.clientId,
  redirect_uri: redirectUri,
  scope: 'public',
  state: 'the-state',
  code_challenge: challenge,
  code_challenge_method: 'S256',
};

type Changes<T> = { [K in keyof T]?: string | undefined } & { [name: string]: string | undefined };

function changed(defaults: Record<string, string>, changes: Changes<object>): URLSearchParams {
  const entries = Object.entries({ ...defaults, ...changes });
  return new URLSearchParams(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** `GET /oauth/authorize` with a sound request, but for the changes; `undefined` leaves a parameter out. */
export function authorize(
  fake: Fake42,
  changes: Changes<typeof authorizeParameters> = {},
): Promise<Response> {
  return fetch(`${fake.authorizeUrl}?${changed(authorizeParameters, changes).toString()}`, {
    redirect: 'manual',
  });
}

/** Where a redirect leads, as its query. */
export function redirectQuery(response: Response): Record<string, string> {
  const location = response.headers.get('location');
  if (!location) throw new Error(`Expected a redirect, got ${response.status}.`);
  return Object.fromEntries(new URL(location).searchParams);
}

export async function obtainCode(
  fake: Fake42,
  changes: Changes<typeof authorizeParameters> = {},
): Promise<string> {
  return redirectQuery(await authorize(fake, changes))['code'] ?? '';
}

export const tokenParameters = {
  grant_type: 'authorization_code',
  client_id: client.clientId,
  client_secret: client.clientSecret,
  redirect_uri: redirectUri,
  code_verifier: verifier,
};

/** `POST /oauth/token` with a sound form, but for the changes. */
export function exchange(
  fake: Fake42,
  code: string,
  changes: Changes<typeof tokenParameters> = {},
  init: RequestInit = {},
): Promise<Response> {
  const body = changed({ ...tokenParameters, code }, changes);
  return fetch(fake.tokenUrl, { method: 'POST', body, redirect: 'manual', ...init });
}

export async function obtainToken(fake: Fake42): Promise<string> {
  const answer = (await (await exchange(fake, await obtainCode(fake))).json()) as { access_token: string };
  return answer.access_token;
}

/** `GET` with a bearer token. */
export function getWith(url: string, token: string, init: RequestInit = {}): Promise<Response> {
  return fetch(url, { headers: { authorization: `Bearer ${token}` }, redirect: 'manual', ...init });
}
