import { Controller, Get, Headers, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ServerResponse } from 'node:http';
import { CurrentUser } from '../../common/http/decorators.js';
import { NotSealable } from '../../common/http/not-sealable.decorator.js';
import type { Principal } from '../../common/http/principal.js';
import { EventStreams } from './event-streams.service.js';

/** What happens, as it happens. */
@ApiTags('events')
@Controller('api/events')
export class EventsController {
  constructor(private readonly streams: EventStreams) {}

  /** Server-Sent Events: `message`, `read`, `chat`, `keys`, `session`; first `ready` or `reset` unless resumed. */
  @Get()
  @NotSealable()
  @ApiHeader({ name: 'last-event-id', required: false, description: 'Resumes after this event.' })
  @ApiOkResponse({ content: { 'text/event-stream': { schema: { type: 'string' } } } })
  open(
    @CurrentUser() user: Principal,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() _request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.streams.open(user, lastEventId, () => beginStream(reply));
  }
}

/**
 * Takes the answer out of Fastify's hands: written to directly, an idle stream is little more than its socket, and
 * `write` says when the client cannot follow.
 */
function beginStream(reply: FastifyReply): ServerResponse {
  reply.hijack();
  const headers = Object.entries(reply.getHeaders()).filter(([, value]) => value !== undefined);
  reply.raw.writeHead(200, {
    ...(Object.fromEntries(headers) as Record<string, string | string[] | number>),
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    // Once it has ended, a draining server must not wait for the client to let the connection go.
    connection: 'close',
  });
  return reply.raw;
}
