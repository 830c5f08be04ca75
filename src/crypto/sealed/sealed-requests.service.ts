import { Inject, Injectable } from '@nestjs/common';
import { makeSealedResponse } from '@sealgate/protocol';
import type { FastifyRequest } from 'fastify';
import { Counter } from 'prom-client';
import { LOGGER, type Logger } from '../../common/logging.js';
import { Metrics } from '../../common/metrics.js';
import { SealedDispatch } from './sealed-dispatch.service.js';
import { SealedKeys } from './sealed-keys.service.js';
import { SealedOpening } from './sealed-opening.service.js';
import { InvalidSealedRequest } from './sealed.errors.js';

/** Where sealed requests go that hide their path, or have no body to carry them. */
export const SEALED_ROUTE = 'api/sealed';

/** Sent to where the path inside decides. */
export function isSealedRoute({ method, routeOptions }: FastifyRequest): boolean {
  return method === 'POST' && routeOptions.url === `/${SEALED_ROUTE}`;
}

/** Requests and answers that only this server and the client can read. @see messages.md §6 */
@Injectable()
export class SealedRequests {
  private readonly outcomes: Counter<'outcome'>;

  constructor(
    private readonly opening: SealedOpening,
    private readonly dispatching: SealedDispatch,
    private readonly keys: SealedKeys,
    metrics: Metrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.outcomes = new Counter({
      name: 'sealgate_sealed_requests_total',
      help: 'Sealed requests that were dispatched, or why they were refused.',
      labelNames: ['outcome'],
      registers: [metrics.registry],
    });
  }

  /**
   * @param carrier the request whose body the JWE is; no cookie and no token of it count.
   * @returns the sealed answer, whatever it says.
   * @throws InvalidSealedRequest
   */
  async answer(carrier: FastifyRequest, jwe: string): Promise<string> {
    const target = isSealedRoute(carrier) ? null : { method: carrier.method, path: carrier.originalUrl };
    const request = await this.opening.open(jwe, target);
    if ('refused' in request) {
      this.outcomes.inc({ outcome: request.refused });
      this.logger.info({ requestId: carrier.id, reason: request.refused }, 'sealed request refused');
      throw new InvalidSealedRequest();
    }
    this.outcomes.inc({ outcome: 'dispatched' });
    const response = await this.dispatching.dispatch(carrier, request);
    return makeSealedResponse({ ...response, request, signer: await this.keys.signer() });
  }
}
