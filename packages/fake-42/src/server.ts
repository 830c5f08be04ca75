import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decideAuthorize, showAuthorize } from './authorize.endpoint.js';
import type { Context, Endpoint } from './context.js';
import { Faults } from './faults.js';
import { Grants } from './grants.js';
import { sendJson } from './http.js';
import { showMe } from './me.endpoint.js';
import type { Fake42, Fake42Options, RecordedRequest } from './options.js';
import { demoUsers, People } from './people.js';
import { RateLimit } from './rate-limit.js';
import { showTokenInfo } from './token-info.endpoint.js';
import { issueToken } from './token.endpoint.js';

const routes = new Map<string, { [method: string]: Endpoint }>([
  ['/oauth/authorize', { GET: showAuthorize, POST: decideAuthorize }],
  ['/oauth/token', { POST: issueToken }],
  ['/oauth/token/info', { GET: showTokenInfo }],
  ['/v2/me', { GET: showMe }],
]);

/** People's pages are not counted against the application. */
const UNLIMITED_PATH = '/oauth/authorize';

/**
 * Starts a stand-in for 42's sign-in.
 *
 * @throws Error in production: whoever reaches it signs in as whom they like
 * @example
 * const fake = await startFake42({ clientId: 'id', clientSecret: 'secret', redirectUris: [callback], autoApprove: true });
 */
export async function startFake42(options: Fake42Options): Promise<Fake42> {
  if (process.env['NODE_ENV'] === 'production') {
    throw new Error('The fake 42 signs anybody in as anybody; it never starts in production.');
  }
  const now = options.now ?? Date.now;
  const context: Context = {
    clientId: options.clientId,
    clientSecret: options.clientSecret,
    redirectUris: [...options.redirectUris],
    people: new People(options.users ?? demoUsers),
    grants: new Grants(now),
    faults: new Faults(),
    now,
    autoApprove: options.autoApprove ?? false,
  };
  const requests: RecordedRequest[] = [];
  const rateLimit = options.rateLimit ? new RateLimit(now) : null;

  const server = createServer((request, response) => {
    answer(context, rateLimit, requests, request, response).catch(() => {
      // A reader that left, or a defect: either way this one connection ends and the server goes on.
      response.destroy();
    });
  });
  const host = options.host ?? '127.0.0.1';
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port ?? 0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;

  return {
    url,
    authorizeUrl: `${url}/oauth/authorize`,
    tokenUrl: `${url}/oauth/token`,
    profileUrl: `${url}/v2/me`,
    misbehave: (fault, when) => context.faults.arm(fault, when),
    approveAs: (approval) => {
      context.autoApprove = approval;
    },
    requests,
    addUser: (user) => context.people.add(user),
    updateUser: (login, patch) => context.people.update(login, patch),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  context: Context,
  rateLimit: RateLimit | null,
  requests: RecordedRequest[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://fake-42');
  const method = request.method ?? 'GET';
  requests.push({ method, path: pathname });

  const route = routes.get(pathname);
  if (!route) return sendJson(response, 404, { status: 404, error: 'Not Found' });
  const endpoint = Object.hasOwn(route, method) ? route[method] : undefined;
  if (!endpoint) {
    const allow = Object.keys(route).join(', ');
    return sendJson(response, 405, { status: 405, error: 'Method Not Allowed' }, { allow });
  }
  if (pathname !== UNLIMITED_PATH && rateLimit?.admit(response) === false) return;
  await endpoint(context, { request, response, query: searchParams });
}
