import type { Context, Exchange } from './context.js';
import type { AccessToken } from './grants.js';
import { sendJson } from './http.js';

const refusals = {
  unknown: 'The access token is invalid',
  revoked: 'The access token was revoked',
  expired: 'The access token expired',
} as const;

/** Finds the request's access token, or answers 401 as 42 does and returns null. */
export function authenticate(context: Context, { request, response }: Exchange): AccessToken | null {
  const token = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const found = context.grants.tokenState(token);
  if (found.state === 'valid') return found.token;
  sendUnauthorized(response, refusals[found.state]);
  return null;
}

export function sendUnauthorized(response: Exchange['response'], error: string): void {
  const challenge = `Bearer realm="42 API", error="invalid_token", error_description="${error}"`;
  sendJson(response, 401, { status: 401, error }, { 'www-authenticate': challenge });
}
