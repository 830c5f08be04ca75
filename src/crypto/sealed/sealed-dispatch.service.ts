import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { SealedResponse } from '@sealgate/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import inject from 'light-my-request';
import { markCarried } from '../../common/http/sealed.js';
import { toSealedResponse } from './core/to-sealed-response.js';
import type { OpenedRequest } from './sealed-opening.service.js';

/** What tells where the carrier came from: the content has to come from there too, for limits and the list of devices. */
const PASSED_ON = [
  'host', 'user-agent', 'forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto',
] as const; // prettier-ignore

/** Of a socket that is closed already; left out, it would count as this machine's own address. */
const GONE = 'unknown';

/**
 * Sends what stood in a sealed request through the whole server, from the router on: the same hooks, guards, limits
 * and validation as for anything else.
 */
@Injectable()
export class SealedDispatch {
  constructor(private readonly host: HttpAdapterHost) {}

  async dispatch(carrier: FastifyRequest, request: OpenedRequest): Promise<SealedResponse> {
    const { method, path, accessToken, body } = request;
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    const response = await inject(
      (inner, answer) => {
        markCarried(inner, carrier);
        fastify.routing(inner, answer);
      },
      {
        method,
        url: path,
        remoteAddress: carrier.socket.remoteAddress ?? GONE,
        headers: {
          // Without a name, the injection would give it its own.
          'user-agent': undefined,
          ...Object.fromEntries(
            PASSED_ON.flatMap((name) => {
              const value = carrier.headers[name];
              return value === undefined ? [] : [[name, value]];
            }),
          ),
          ...(accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
      },
    );
    return toSealedResponse(response);
  }
}
