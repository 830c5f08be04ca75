import type { FastifyInstance, FastifyRequest } from 'fastify';
import { BODY_LIMIT_BYTES } from '../../common/http/json-body.js';
import { isSealable } from '../../common/http/not-sealable.decorator.js';
import { isSealed } from '../../common/http/sealed.js';
import { UnsupportedMediaType } from '../../common/problem/common.errors.js';
import { isSealedRoute, type SealedRequests } from './sealed-requests.service.js';
import { NotSealableRoute } from './sealed.errors.js';

/** Token, path, key and the JSON around the body. */
const AROUND_THE_BODY_BYTES = 32 * 1024;
/** A body of the usual limit has to fit, as base64url. The limit itself is checked once it is open. */
export const SEALED_BODY_LIMIT_BYTES = Math.ceil(((BODY_LIMIT_BYTES + AROUND_THE_BODY_BYTES) * 4) / 3);

/**
 * Lets every route take `application/jose`: what is inside is answered before the route's own guards run, which it
 * then meets by itself.
 */
export function acceptSealed(fastify: FastifyInstance, sealed: SealedRequests): void {
  // As bytes: text would turn what is no UTF-8 into something else. Only ASCII is base64url.
  fastify.addContentTypeParser<Buffer>(
    'application/jose',
    { parseAs: 'buffer', bodyLimit: SEALED_BODY_LIMIT_BYTES },
    (_request, body, done) => done(null, body.toString('latin1')),
  );
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (isSealed(request) && !isSealable(request)) return done(new NotSealableRoute());
    done();
  });
  fastify.addHook('preValidation', (request, reply, done) => {
    if (!isJose(request))
      return done(isSealedRoute(request) ? new UnsupportedMediaType('Send application/jose.') : undefined);
    // A GET has no body that anybody reads: refused like any other, and not taken for a plain request.
    const jwe = typeof request.body === 'string' ? request.body : '';
    sealed
      .answer(request, jwe)
      .then((answer) => void reply.type('application/jose').send(answer))
      .catch((error: unknown) =>
        done(error instanceof Error ? error : new Error('unknown', { cause: error })),
      );
  });
}

function isJose({ headers }: FastifyRequest): boolean {
  const type = headers['content-type'];
  if (type === undefined) return false;
  const [mediaType = ''] = type.split(';');
  return mediaType.trim().toLowerCase() === 'application/jose';
}
