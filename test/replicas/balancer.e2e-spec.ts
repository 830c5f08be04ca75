import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
// @ts-expect-error -- plain JavaScript, as the command runs it
import { Balancer } from '../../scripts/cluster/balancer.mjs';
import { rawRequest } from '../support/raw-request.js';
import { until } from '../support/until.js';

/** The balancer of `npm run cluster`, on which the fault tests rely. */
const running: { close(): unknown }[] = [];
afterEach(() => running.splice(0).map((server) => server.close()));

async function startReplica(answer: RequestListener): Promise<{ server: Server; port: number }> {
  const server = createServer((request, response) => {
    if (request.url === '/readyz') return void response.end();
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  running.push({ close: () => [server.close(), server.closeAllConnections()] });
  return { server, port: (server.address() as AddressInfo).port };
}

async function startBalancer(...ports: number[]) {
  const balancer = await new Balancer().listen();
  running.push(balancer);
  for (const port of ports) await balancer.add(port);
  return balancer;
}

describe('the balancer', () => {
  it('gives replicas their turns', async () => {
    const replicas = await Promise.all(
      ['a', 'b'].map((name) => startReplica((_, answer) => answer.end(name))),
    );
    const { url } = await startBalancer(...replicas.map(({ port }) => port));
    const names: string[] = [];
    for (let i = 0; i < 4; i++) names.push(await (await fetch(url)).text());
    expect(names.sort()).toEqual(['a', 'a', 'b', 'b']);
  });

  it('takes a request to another replica where the first refused the connection', async () => {
    const dead = await startReplica(() => undefined);
    const alive = await startReplica((request, answer) => void request.pipe(answer));
    const { url } = await startBalancer(dead.port, alive.port);
    dead.server.close();
    dead.server.closeAllConnections();
    for (const body of ['one', 'two'])
      expect(await (await fetch(url, { method: 'POST', body })).text()).toBe(body);
  });

  it('never repeats a request that a replica may have read: 503 with retry-after', async () => {
    let reads = 0;
    const dropping = () => startReplica((request) => void (reads++, request.socket.destroy()));
    const replicas = [await dropping(), await dropping()];
    const { url } = await startBalancer(...replicas.map(({ port }) => port));
    for (const method of ['POST', 'GET']) {
      const answer = await fetch(url, { method });
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    }
    expect(reads).toBe(2);
  });

  it('answers 503 with retry-after while nobody is ready', async () => {
    const answer = await fetch((await startBalancer()).url);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(await answer.json()).toMatchObject({ code: 'service_unavailable' });
  });

  it('adds its own hop, and leaves duplicates for the server to refuse', async () => {
    const replica = await startReplica((request, answer) => answer.end(JSON.stringify(request.rawHeaders)));
    const { url } = await startBalancer(replica.port);
    const lines = ['GET / HTTP/1.1', 'X-Forwarded-For: 192.0.2.1', 'Cookie: a=1', 'Cookie: a=2'];
    const { body: text } = await rawRequest(url, lines);
    expect(text).toContain('"x-forwarded-for","192.0.2.1, 127.0.0.1"');
    expect(text).toContain('"Cookie","a=1","Cookie","a=2"');
  });

  it('passes a stream on as it comes, and does not wait for it while it drains', async () => {
    let end: () => void = () => undefined;
    const replica = await startReplica((_, answer) => {
      end = () => void answer.end();
      answer.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
    });
    const balancer = await startBalancer(replica.port);
    const reader = (await fetch(balancer.url)).body!.getReader();
    expect(String(Buffer.from((await reader.read()).value ?? []))).toBe('data: 1\n\n');
    await balancer.drain(replica.port);
    end();
    expect((await reader.read()).done).toBe(true);
  });

  it('leaves out a replica that is not ready, until it is', async () => {
    let isReady = true;
    const server = createServer((_, answer) => answer.writeHead(isReady ? 200 : 503).end());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    running.push({ close: () => [server.close(), server.closeAllConnections()] });
    const { port } = server.address() as AddressInfo;
    const balancer = await startBalancer(port);
    expect(balancer.ready).toEqual([port]);
    isReady = false;
    await until(5_000, async () => balancer.ready.length === 0);
    isReady = true;
    await until(5_000, async () => balancer.ready.length === 1);
  });
});
