import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildIfStale, startBuiltServer } from '../demo/built-server.js';
import { cloneDatabase, type TestDatabase } from '../support/database.js';
import { SECRETS } from '../support/secrets.js';

interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  attributes: { key: string; value: { stringValue?: string; intValue?: number } }[];
}

let database: TestDatabase;
let collector: Server;
let received: string[];
let endpoint: string;
beforeAll(async () => {
  buildIfStale();
  database = await cloneDatabase();
  received = [];
  collector = createServer((request, response) => void collect(request, response)).listen(0, '127.0.0.1');
  await once(collector, 'listening');
  endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
}, 120_000);
afterAll(async () => {
  collector.close();
  await database.drop();
});

async function collect(request: IncomingMessage, response: ServerResponse): Promise<void> {
  received.push(await text(request));
  response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
}

function spans(): Span[] {
  return received.flatMap((body) => {
    const { resourceSpans } = JSON.parse(body) as {
      resourceSpans: { scopeSpans: { spans: Span[] }[] }[];
    };
    return resourceSpans.flatMap((resource) => resource.scopeSpans.flatMap((scope) => scope.spans));
  });
}

/** Signs up, asks for a page with a search, and stops the server, which sends what it has. */
async function use(environment: Record<string, string>): Promise<void> {
  const server = await startBuiltServer({ DATABASE_URL: database.url, ...SECRETS, ...environment });
  const registered = await fetch(`${server.url}/auth/register`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    },
    body: JSON.stringify({
      username: `traced-${received.length}`,
      email: `marker-address-${received.length}@example.org`,
      password: 'lantern gravel otter mosaic',
    }),
  });
  expect(registered.status).toBe(201);
  await fetch(`${server.url}/auth/42/callback?code=marker-code&state=marker-state`, { redirect: 'manual' });
  expect(await server.stop()).toBe(0);
}

describe('traces', () => {
  it(
    'are sent by OTEL_EXPORTER_OTLP_ENDPOINT, a request’s statements below it',
    { timeout: 60_000 },
    async () => {
      await use({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
      const request = spans().find(({ name }) => name === 'POST /auth/register');
      expect(request).toMatchObject({
        traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
        parentSpanId: '00f067aa0ba902b7',
      });
      const below = spans().filter(({ parentSpanId }) => parentSpanId === request?.spanId);
      expect(JSON.stringify(below)).toContain('INSERT INTO');
      expect(spans().map(({ name }) => name)).toContain('GET /auth/42/callback');
      expect(received.join('')).toContain('"sealgate"');
    },
  );

  it('hold no address, code, state or password', () => {
    expect(received.length).toBeGreaterThan(0);
    expect(received.join('')).not.toMatch(/marker-|lantern gravel/);
  });

  it('are not sent where they are switched off or not asked for', { timeout: 60_000 }, async () => {
    const before = received.length;
    await use({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SDK_DISABLED: 'true' });
    expect(received).toHaveLength(before);
  });
});
