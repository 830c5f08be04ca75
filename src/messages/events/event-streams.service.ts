import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import type { Principal } from '../../common/http/principal.js';
import { RateLimited, ServiceUnavailable } from '../../common/problem/common.errors.js';
import { SSE_RETRY } from './core/sse.js';
import { EventFeed } from './event-feed.service.js';
import { EventPump } from './event-pump.service.js';
import { EventStream } from './event-stream.js';
import { SessionWatch } from './session-watch.service.js';
import { StreamRegistry } from './stream-registry.js';

/** Tabs and devices of one user on one replica. */
const MAX_STREAMS_PER_USER = 20;

/** Opens event streams. */
@Injectable()
export class EventStreams implements BeforeApplicationShutdown {
  private isClosing = false;

  constructor(
    private readonly feed: EventFeed,
    private readonly pump: EventPump,
    private readonly registry: StreamRegistry,
    private readonly sessions: SessionWatch,
  ) {}

  /** Streams would keep the server from draining; their clients come back, to another replica. */
  beforeApplicationShutdown(): void {
    this.isClosing = true;
    this.pump.stop();
    for (const stream of this.registry.all()) stream.end();
  }

  /**
   * @param lastEventId the client's, if it has one.
   * @param begin answers the request with the stream's head.
   * @throws RateLimited, ServiceUnavailable
   */
  async open(
    { userId, sessionId }: Principal,
    lastEventId: string | undefined,
    begin: () => ServerResponse,
  ): Promise<void> {
    const { position, at, greeting } = await this.feed.start(userId, lastEventId);
    if (this.isClosing) throw new ServiceUnavailable(1);
    if (this.registry.count(userId) >= MAX_STREAMS_PER_USER) throw tooManyStreams();
    const response = begin();
    const stream = new EventStream(userId, sessionId, response, position);
    this.register(stream, response);
    stream.write(SSE_RETRY);
    if (greeting !== null) stream.greet(greeting, at);
    // Whatever was committed since the position was read.
    this.pump.wake([userId]);
    // The session may have ended between the guard's look and now, unheard.
    await this.sessions.check([sessionId]).catch(() => response.destroy());
  }

  private register(stream: EventStream, response: ServerResponse): void {
    this.registry.add(stream);
    response.on('drain', () => {
      stream.unblock();
      this.pump.wake([stream.userId]);
    });
    response.on('error', () => undefined);
    response.on('close', () => this.registry.remove(stream));
    // Gone while the position was read: its `close` came before anyone listened.
    if (response.destroyed) this.registry.remove(stream);
  }
}

function tooManyStreams(): RateLimited {
  return new RateLimited({
    'retry-after': '10',
    'ratelimit-policy': `"streams";q=${MAX_STREAMS_PER_USER}`,
    ratelimit: '"streams";r=0;t=10',
  });
}
