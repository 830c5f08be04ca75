import type { FastifyRequest } from 'fastify';
import { ExtractJwt } from 'passport-jwt';

const extract = ExtractJwt.fromAuthHeaderAsBearerToken() as (request: unknown) => string | null;

/** The token of an `Authorization: Bearer` header (RFC 6750 §2.1), or null. */
export function bearerToken(request: FastifyRequest): string | null {
  return extract(request);
}
