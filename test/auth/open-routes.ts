/**
 * What may be reached without a session, and what with a pending one: by the contract, and named here so that a route
 * that is opened by mistake fails a test. Every other route of the running router is closed.
 */
export const PUBLIC_ROUTES: readonly string[] = [
  'GET /auth/login',
  'GET /auth/42/callback',
  'POST /auth/register',
  'POST /auth/login',
  'POST /auth/refresh',
  'POST /auth/logout',
  'POST /auth/password/forgot',
  'POST /auth/password/reset',
  'POST /auth/email/verify',
  'GET /.well-known/jwks.json',
  'GET /api/crypto/server-keys',
  'POST /api/sealed',
  'GET /api/log/key',
  'GET /api/log/checkpoint',
  'GET /api/log/proof/inclusion',
  'GET /api/log/proof/consistency',
  'GET /api/log/entries',
  'GET /api/log/tile/:level/:n',
  'GET /api/log/tile/:level/:n/:n2',
  'GET /api/log/tile/:level/:n/:n2/:n3',
  'GET /api/log/tile/:level/:n/:n2/:n3/:n4',
  'GET /healthz',
  'GET /readyz',
  'HEAD /healthz',
  'HEAD /readyz',
  'GET /api/openapi.json',
  'GET /api/docs',
  'GET /api/docs/start.js',
  'GET /api/docs/:asset',
];

export const PENDING_ROUTES: readonly string[] = [
  'GET /auth/me',
  'GET /auth/2fa',
  'POST /auth/2fa/generate',
  'POST /auth/2fa/enable',
  'POST /auth/2fa/skip',
  'POST /auth/2fa/verify',
];

/** Asks for something else than a session. */
export const SELF_GUARDED_ROUTES: readonly string[] = ['GET /metrics'];

const SOME_ID = '0190a3c0-0000-7000-8000-000000000000';

/** A path that the route's pattern matches. */
export function pathOf(url: string): string {
  return url.replaceAll(/:\w+/g, SOME_ID).replaceAll('*', 'x');
}
