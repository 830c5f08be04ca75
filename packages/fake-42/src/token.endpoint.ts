import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context, Endpoint } from './context.js';
import { isTransportFault } from './faults.js';
import { type AccessToken, TOKEN_LIFE_SECONDS } from './grants.js';
import { type Parameters, readParameters, sendJson } from './http.js';
import { sendTransportFault } from './transport-faults.js';

const SECRET_LIFE_SECONDS = 60 * 24 * 3600;

/** Doorkeeper's own sentences, as 42 sends them. */
const descriptions = {
  invalid_request:
    'The request is missing a required parameter, includes an unsupported parameter value, or is otherwise malformed.',
  invalid_client:
    'Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method.',
  invalid_grant:
    'The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client.',
  unsupported_grant_type: 'The authorization grant type is not supported by the authorization server.',
} as const;

/** `POST /oauth/token`: a code (or the application's own credentials) for an access token. */
export const issueToken: Endpoint = async (context, { request, response }) => {
  const fault = context.faults.take('token');
  const parameters = await readParameters(request);
  if (fault === 'invalid_client' || fault === 'invalid_grant') return refuse(response, fault);
  if (isTransportFault(fault) && fault !== 'huge_body') return sendTransportFault(fault, response, null);

  if (!parameters) return refuse(response, 'invalid_request');
  if (!isClient(context, request, parameters)) return refuse(response, 'invalid_client');
  const token = grant(context, parameters);
  if (typeof token === 'string') return refuse(response, token);

  const body = tokenBody(token);
  if (fault === 'huge_body') return sendTransportFault(fault, response, body);
  const { access_token: _, ...withoutToken } = body;
  sendJson(response, 200, fault === 'no_access_token' ? withoutToken : body, { pragma: 'no-cache' });
};

/** The secret comes in the body or as HTTP Basic (RFC 6749 §2.3.1), never both ways. */
function isClient(context: Context, request: IncomingMessage, parameters: Parameters): boolean {
  const inBody = { id: parameters.get('client_id'), secret: parameters.get('client_secret') };
  const basic = basicCredentials(request.headers.authorization);
  if (basic && inBody.secret !== undefined) return false;
  const { id, secret } = basic ?? inBody;
  return id === context.clientId && secret === context.clientSecret;
}

function basicCredentials(header: string | undefined): { id: string; secret: string } | null {
  const encoded = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(header ?? '')?.[1];
  if (!encoded) return null;
  const [id = '', ...secret] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return { id: formDecoded(id), secret: formDecoded(secret.join(':')) };
}

function formDecoded(text: string): string {
  return new URLSearchParams(`value=${text}`).get('value') ?? '';
}

function grant(context: Context, parameters: Parameters): AccessToken | keyof typeof descriptions {
  switch (parameters.get('grant_type')) {
    case 'authorization_code': {
      const code = parameters.get('code');
      const redirectUri = parameters.get('redirect_uri');
      if (!code || !redirectUri) return 'invalid_request';
      return (
        context.grants.redeem(code, redirectUri, parameters.get('code_verifier') ?? null) ?? 'invalid_grant'
      );
    }
    case 'client_credentials':
      return context.grants.issueToken(null, 'public');
    case undefined:
      return 'invalid_request';
    default:
      return 'unsupported_grant_type';
  }
}

function tokenBody(token: AccessToken) {
  const createdAt = Math.floor(token.createdAt / 1000);
  return {
    access_token: token.token,
    token_type: 'bearer',
    expires_in: TOKEN_LIFE_SECONDS,
    ...(token.refreshToken === null ? {} : { refresh_token: token.refreshToken }),
    scope: token.scope,
    created_at: createdAt,
    secret_valid_until: createdAt + SECRET_LIFE_SECONDS,
  };
}

/** 42's Doorkeeper answers `invalid_grant` with 401, where RFC 6749 §5.2 would have 400. */
function refuse(response: ServerResponse, error: keyof typeof descriptions): void {
  const status = error === 'invalid_client' || error === 'invalid_grant' ? 401 : 400;
  sendJson(
    response,
    status,
    { error, error_description: descriptions[error] },
    { 'www-authenticate': `Bearer realm="42 API", error="${error}"` },
  );
}
