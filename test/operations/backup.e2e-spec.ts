import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasSystemPostgres, PostgresProcess } from '../faults/support/postgres-process.js';
import { people, sendMany, startChat } from '../messages/support/circle.js';
import { Browser } from '../support/browser.js';
import type { TestDatabase } from '../support/database.js';
import { login, signUpWith2fa, codeFor } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

// The package brings no pg_dump.
describe.skipIf(!hasSystemPostgres)('a dump of a server that runs, restored into an empty database', () => {
  let postgres: PostgresProcess;
  let directory: string;
  let server: TestApp;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sealgate-backup-'));
    postgres = await PostgresProcess.create();
    server = await startTestApp({}, databaseAt(postgres.url));
  });
  afterAll(async () => {
    await server.close();
    await postgres.destroy();
    await rm(directory, { recursive: true, force: true });
  });

  function databaseAt(url: string): TestDatabase {
    return {
      url,
      query: async <Row extends pg.QueryResultRow>(sql: string, parameters: unknown[] = []) =>
        postgres.query<Row>(sql, parameters),
      drop: async () => undefined,
    };
  }

  /** As operations.md says. @returns the URL of the copy. */
  async function dumpAndRestore(): Promise<string> {
    const copy = postgres.urlAt(postgres.port, 'restored');
    const file = postgres.fileAt('sealgate.dump');
    await postgres.tool('pg_dump', ['--format=custom', `--file=${file}`, postgres.url]);
    await postgres.query('CREATE DATABASE restored');
    await postgres.tool('pg_restore', ['--no-owner', '--exit-on-error', `--dbname=${copy}`, file]);
    return copy;
  }

  it('lets people sign in with all they had, and read what was acknowledged before it', async () => {
    const guarded = await signUpWith2fa(server);
    const [first, second] = await people(server, 2);
    const chatId = await startChat(first!, [second!]);
    const before = await sendMany(first!, chatId, [first!, second!], 5);
    // Somebody goes on writing meanwhile.
    const [url] = await Promise.all([dumpAndRestore(), sendMany(second!, chatId, [first!, second!], 20)]);

    const restored = await startTestApp({}, databaseAt(url));
    try {
      restored.clock.advance(30);
      const { browser } = await login(restored, guarded);
      const code = codeFor(restored, guarded.secret);
      expect((await browser.post('/auth/2fa/verify', { code })).status).toBe(200);

      const device = new Browser(restored.baseUrl);
      for (const [name, cookie] of first!.browser.cookies) device.cookies.set(name, cookie);
      expect((await device.get('/auth/me')).status).toBe(200);
      expect((await device.post('/auth/refresh', {})).status).toBe(200);
      const { body } = await device.get(`/api/messages/history/${chatId}?after=0&limit=100`);
      const items: { id: string; seq: number; envelope: unknown }[] = body.items;
      expect(items.slice(0, before.length).map(({ id }) => id)).toEqual(before);
      expect(items.map(({ seq }) => seq)).toEqual(items.map((_, i) => i + 1));
      expect(items.every(({ envelope }) => envelope !== null)).toBe(true);
      await sendMany({ ...first!, browser: device }, chatId, [first!, second!], 1);
    } finally {
      await restored.close();
    }
  });
});
