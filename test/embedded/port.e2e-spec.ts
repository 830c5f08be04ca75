import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { startEmbeddedPostgres } from '../../src/database/embedded/embedded-postgres.js';
import { makeScratch, query, removeScratch } from './support/scratch.js';
import { password } from './support/template.js';

/** The port that looks free until PostgreSQL wants it: taken in between by whoever was faster. */
const race = vi.hoisted(() => ({ port: 0 }));

vi.mock('node:net', async (importOriginal) => {
  const original = await importOriginal<typeof import('node:net')>();
  const createRacedServer = (): Server => {
    const server = original.createServer();
    const { port } = race;
    race.port = 0;
    if (port !== 0) server.address = () => ({ port, address: '127.0.0.1', family: 'IPv4' });
    return server;
  };
  return { ...original, createServer: createRacedServer };
});

afterEach(removeScratch);

it('takes another port when the one it chose is taken in the meantime', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  race.port = port;
  const dataDir = join(await makeScratch(), 'data');
  const { url, stop } = await startEmbeddedPostgres({ dataDir, password });
  expect(race.port).toBe(0);
  expect(new URL(url).port).not.toBe(String(port));
  expect(await query(url, 'SELECT 1 AS answer')).toEqual([{ answer: 1 }]);
  await stop();
  other.close();
});
