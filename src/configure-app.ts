import type { IncomingMessage } from 'node:http';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { cookieNames } from './auth/cookie-names.js';
import { ownOrigins, refuseCrossSite } from './common/http/cross-site.js';
import { refuseOtherCodings } from './common/http/body-codings.js';
import { BODY_LIMIT_BYTES, readJsonObjects } from './common/http/json-body.js';
import { carrierIdOf, isCarrier, isSealed } from './common/http/sealed.js';
import { securityHeaders } from './common/http/security-headers.js';
import { refuseDuplicates } from './common/http/single-headers.js';
import { answerUnreadable } from './common/http/unreadable-requests.js';
import { writeTogether } from './common/http/write-together.js';
import { createValidationPipe } from './common/http/validation.pipe.js';
import { newRequestId } from './common/ids.js';
import { LOGGER, type Logger } from './common/logging.js';
import { Metrics } from './common/metrics.js';
import { requestLog } from './common/request-log.js';
import { ProblemFilter, sendProblem, toDomainError } from './common/problem/problem.filter.js';
import type { Config } from './config/config.js';
import { acceptSealed } from './crypto/sealed/accept-sealed.js';
import { SealedRequests } from './crypto/sealed/sealed-requests.service.js';
import { serveWebApp } from './web/serve-web-app.js';

/** The HTTP server under Nest; request ids are ours, never the caller's. */
export function createAdapter(config: Config): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    trustProxy: trustProxy(config.trustedProxies),
    genReqId: (raw: IncomingMessage) => carrierIdOf(raw) ?? newRequestId(),
    requestTimeout: 30_000,
    // While the server drains: a request that was accepted may carry another one, which is routed only then.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
    // Middleware of the kind that Express has: there is none, and each request would look for it.
    skipMiddie: true,
    clientErrorHandler: (error, socket) => answerUnreadable(error, socket, PLAIN_HEADERS),
    // A URL that cannot be decoded has no route, no hook and no filter.
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) =>
      sendProblem(
        reply.headers({ 'x-request-id': request.id, ...PLAIN_HEADERS }),
        toDomainError(error),
        request.id,
      ),
  });
}

const PLAIN_HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
};

/** A number counts hops from this server outwards; addresses and ranges are matched. Nobody is believed by default. */
function trustProxy(
  proxies: Config['trustedProxies'],
): false | string[] | ((address: string, hop: number) => boolean) {
  if (typeof proxies === 'number') return (_address, hop) => hop < proxies;
  return proxies.length === 0 ? false : [...proxies];
}

/** Everything between the socket and the guards; main.ts and every test go through here. */
export function configureApp(app: NestFastifyApplication, config: Config): NestFastifyApplication {
  const logger = app.get<Logger>(LOGGER);
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  readJsonObjects(fastify);
  letPassportRedirect(fastify);
  addHooks(fastify, config, logger, app.get(Metrics));
  writeTogether(fastify);
  acceptSealed(fastify, app.get(SealedRequests));
  const allowed = new Set(config.allowedOrigins);
  if (allowed.size > 0)
    app.enableCors({
      // `false` for all others: a list would leave out one header of four, and tell them that there is a list.
      origin: (origin: string | undefined, done: (error: null, allow: string | false) => void) =>
        done(null, origin !== undefined && allowed.has(origin) ? origin : false),
      credentials: true,
      methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
      exposedHeaders: ['x-request-id', 'retry-after', 'ratelimit', 'ratelimit-policy'],
    });
  serveWebApp(fastify);
  app.useGlobalPipes(createValidationPipe());
  app.useGlobalFilters(new ProblemFilter(logger));
  // Exit by ourselves: Nest would send itself the signal again, and a supervisor would read a crash out of that.
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  return app;
}

function addHooks(fastify: FastifyInstance, config: Config, logger: Logger, metrics: Metrics): void {
  const names = new Set(Object.values(cookieNames(config.secureCookies)));
  const writeLine = requestLog(logger);
  const headers = securityHeaders(config.secureCookies);
  const origins = ownOrigins(config.publicUrl, config.allowedOrigins);
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.headers(headers).header('x-request-id', request.id).header('cache-control', 'no-store');
    try {
      refuseDuplicates(request, names);
      refuseCrossSite(request, origins);
      refuseOtherCodings(request);
      done();
    } catch (error) {
      done(error as Error);
    }
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    // What it carried has a line of its own, with the same id, the real route and the real status.
    if (isCarrier(request)) return done();
    const route = request.routeOptions.url ?? 'unknown';
    const { method, id: requestId } = request;
    const { statusCode: status, elapsedTime } = reply;
    metrics.requests.observe({ method, route, status }, elapsedTime / 1000);
    const line = { requestId, method, route, status, ms: Math.round(elapsedTime * 10) / 10 };
    writeLine(isSealed(request) ? { ...line, sealed: true } : line);
    done();
  });
}

/** Passport ends and sets headers as on Node's own response; Fastify's reply has other names for both. */
function letPassportRedirect(fastify: FastifyInstance): void {
  fastify.decorateReply('setHeader', function (this: FastifyReply, name: string, value: string) {
    return this.header(name, value);
  });
  fastify.decorateReply('end', function (this: FastifyReply) {
    return void this.send();
  });
}
