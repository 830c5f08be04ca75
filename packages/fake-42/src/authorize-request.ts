import type { Context } from './context.js';
import type { AuthorizationRequest } from './grants.js';
import { singleParameters, type Parameters } from './http.js';

const KNOWN_SCOPES = new Set(['public', 'projects', 'profile', 'tig', 'elearning', 'forum']);
/** A SHA-256 in base64url (RFC 7636 §4.2). */
const S256_CHALLENGE = /^[A-Za-z0-9_-]{43}$/;

export type CheckedRequest =
  | { outcome: 'ok'; request: AuthorizationRequest }
  /** The client is known: it gets the error (RFC 6749 §4.1.2.1). */
  | { outcome: 'redirect'; request: AuthorizationRequest; error: string }
  /** Nobody to trust with a redirect: the person reads the error at 42. */
  | { outcome: 'page'; status: number; message: string };

/** Checks `GET /oauth/authorize` in Doorkeeper's order: client, redirect URI, then the rest. */
export function checkAuthorizeRequest(context: Context, query: URLSearchParams): CheckedRequest {
  const parameters = singleParameters(query);
  if (!parameters) return { outcome: 'page', status: 400, message: 'A parameter was sent twice.' };
  if (parameters.get('client_id') !== context.clientId) {
    return {
      outcome: 'page',
      status: 401,
      message: 'Client authentication failed: this application is not known.',
    };
  }
  const redirectUri = parameters.get('redirect_uri');
  if (redirectUri === undefined || !context.redirectUris.includes(redirectUri)) {
    return { outcome: 'page', status: 400, message: 'The redirect URI included is not valid.' };
  }
  const request: AuthorizationRequest = {
    redirectUri,
    scope: parameters.get('scope') || 'public',
    state: parameters.get('state') ?? null,
    codeChallenge: parameters.get('code_challenge') ?? null,
  };
  const error = errorOf(request, parameters);
  return error ? { outcome: 'redirect', request, error } : { outcome: 'ok', request };
}

function errorOf(request: AuthorizationRequest, parameters: Parameters): string | null {
  const responseType = parameters.get('response_type');
  if (!responseType) return 'invalid_request';
  if (responseType !== 'code') return 'unsupported_response_type';
  if (!request.scope.split(' ').every((scope) => KNOWN_SCOPES.has(scope))) return 'invalid_scope';
  return isPkceSound(request, parameters.get('code_challenge_method')) ? null : 'invalid_request';
}

/** No PKCE at all is allowed, as at 42; `plain`, also by leaving the method out, is not. */
function isPkceSound({ codeChallenge }: AuthorizationRequest, method: string | undefined): boolean {
  if (codeChallenge === null) return method === undefined;
  return method === 'S256' && S256_CHALLENGE.test(codeChallenge);
}
