import type { FastifyRequest } from 'fastify';
import { UnsupportedMediaType } from '../problem/common.errors.js';

const CHARSET = /;\s*charset\s*=\s*"?([^\s";]*)/i;

/**
 * Bodies come as they are and in UTF-8. One that is packed or in another charset would be read as something else than
 * its sender meant.
 * @see RFC 9110 §8.4 (content codings), RFC 8259 §8.1 (JSON is UTF-8)
 */
export function refuseOtherCodings({ headers }: FastifyRequest): void {
  const coding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (coding !== 'identity') throw new UnsupportedMediaType('Send the body without a content-encoding.');
  const charset = CHARSET.exec(headers['content-type'] ?? '')?.[1]?.toLowerCase() ?? 'utf-8';
  if (charset !== 'utf-8' && charset !== 'utf8') throw new UnsupportedMediaType('Send the body in UTF-8.');
}
