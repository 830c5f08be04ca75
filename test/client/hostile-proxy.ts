import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What went through, as it was sent. */
export interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** An answer on its way back. */
export interface Passing {
  status: number;
  /** Text; parsed and made again by whoever changes it. */
  body: string;
  headers: IncomingMessage['headers'];
}

/** Stands between client and server: sees everything, and may change or swallow answers. */
export interface HostileProxy {
  readonly baseUrl: string;
  readonly recorded: readonly Recorded[];
  /** Changes answers; the last one given counts. Null lets everything through. */
  tamper(change: ((request: Recorded, answer: Passing) => void | Promise<void>) | null): void;
  /** Cuts the connection after the server has answered, this many times, where it is true. */
  swallow(times: number, which: (request: Recorded) => boolean): void;
  /** Refuses connections, or takes them again. */
  offline(isOffline: boolean): void;
  /** Ends all streams. */
  cutStreams(): void;
  close(): Promise<void>;
}

export async function startHostileProxy(upstream: string): Promise<HostileProxy> {
  const recorded: Recorded[] = [];
  const streams = new Set<ServerResponse>();
  let change: Parameters<HostileProxy['tamper']>[0] = null;
  let swallowing: { times: number; which: (request: Recorded) => boolean } = { times: 0, which: () => false };
  let isOffline = false;

  const server = createServer((incoming, outgoing) => {
    if (isOffline) return void incoming.socket.destroy();
    void pass(incoming, outgoing).catch(() => outgoing.destroy());
  });

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await textOf(incoming);
    const { method = 'GET', url: path = '/', headers } = incoming;
    const request: Recorded = { method, path, headers, body };
    recorded.push(request);
    const { host: _, 'content-length': __, 'transfer-encoding': ___, ...passed } = headers;
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const out = forward(new URL(path, upstream), { method, headers: passed, agent: false }, resolve);
      out.on('error', reject);
      outgoing.on('close', () => out.destroy());
      out.end(body);
    });
    if ((answer.headers['content-type'] ?? '').startsWith('text/event-stream')) {
      outgoing.writeHead(answer.statusCode ?? 200, answer.headers);
      streams.add(outgoing);
      outgoing.on('close', () => streams.delete(outgoing));
      answer.pipe(outgoing);
      return;
    }
    const passing: Passing = {
      status: answer.statusCode ?? 500,
      body: await textOf(answer),
      headers: answer.headers,
    };
    if (swallowing.times > 0 && swallowing.which(request)) {
      swallowing.times -= 1;
      incoming.socket.destroy();
      return;
    }
    await change?.(request, passing);
    const {
      'content-length': ____,
      'transfer-encoding': _____,
      connection: ______,
      ...kept
    } = answer.headers;
    outgoing.writeHead(passing.status, kept);
    outgoing.end(passing.status === 204 ? undefined : passing.body);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    recorded,
    tamper: (next) => void (change = next),
    swallow: (times, which) => void (swallowing = { times, which }),
    offline: (next) => {
      isOffline = next;
      if (next) server.closeAllConnections();
    },
    cutStreams: () => {
      for (const stream of streams) stream.destroy();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
