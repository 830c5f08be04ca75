import { Agent, get } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeTogether } from './write-together.js';

let server: FastifyInstance;
let agent: Agent;
beforeEach(() => {
  server = fastify();
  agent = new Agent({ keepAlive: true, maxSockets: 8 });
  writeTogether(server);
});
afterEach(async () => {
  agent.destroy();
  await server.close();
});

async function ask(
  path: string,
): Promise<{ status: number | undefined; connection: string | undefined; body: string }> {
  const { port } = server.server.address() as AddressInfo;
  const [answer] = await once(get({ port, path, agent }), 'response');
  answer.setEncoding('utf8');
  let body = '';
  for await (const chunk of answer) body += String(chunk);
  return { status: answer.statusCode, connection: answer.headers.connection, body };
}

describe('answers that go out together', () => {
  it('each reach who asked', async () => {
    server.get('/:id', async ({ params }) => params);
    await server.listen();
    const answers = await Promise.all(['/a', '/b', '/c', '/d'].map(ask));
    expect(answers.map(({ body }) => body)).toEqual(['a', 'b', 'c', 'd'].map((id) => `{"id":"${id}"}`));
  });

  it('end their connections where the server closes after they were ready', async () => {
    let closed: Promise<unknown> = Promise.resolve();
    server.get('/', (_request, reply) => {
      reply.send('last');
      closed = server.close();
    });
    await server.listen();
    expect(await ask('/')).toEqual({ status: 200, connection: 'close', body: 'last' });
    // Not once the connection has idled for over a minute.
    await closed;
  });

  it('are a fault of their own where they cannot be written, and of nobody else', async () => {
    server.get('/fine', async () => 'fine');
    server.get('/object', (_request, reply) => void reply.type('text/plain').send({ no: 'text' }));
    server.get('/header', (_request, reply) => void reply.header('location', '/\u20ac').send('a'));
    server.get('/twice', (_request, reply) => {
      void reply.send('first');
      void reply.send('second');
    });
    await server.listen();
    const answers = await Promise.all(['/fine', '/object', '/header', '/twice', '/fine'].map(ask));
    expect(answers.map(({ status }) => status)).toEqual([200, 500, 500, 200, 200]);
    expect(answers[3]?.body).toBe('first');
  });
});
