import { authenticate } from './bearer.js';
import type { Endpoint } from './context.js';
import { sendJson } from './http.js';

/** `GET /oauth/token/info`: what an access token is good for. */
export const showTokenInfo: Endpoint = (context, exchange) => {
  const token = authenticate(context, exchange);
  if (!token) return;
  sendJson(exchange.response, 200, {
    resource_owner_id: token.userId,
    scopes: token.scope.split(' '),
    expires_in_seconds: Math.floor((token.expiresAt - context.now()) / 1000),
    application: { uid: context.clientId },
    created_at: Math.floor(token.createdAt / 1000),
  });
};
