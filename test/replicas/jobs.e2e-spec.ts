import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildIfStale } from '../demo/built-server.js';
import { cloneDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
const runners: ChildProcess[] = [];
beforeAll(async () => {
  buildIfStale();
  database = await cloneDatabase();
}, 240_000);
afterEach(() => runners.splice(0).forEach((runner) => runner.kill('SIGKILL')));
afterAll(() => database.drop());

/** A process that comes to the job; `said` is its next line. */
function comeToTheJob() {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'job-runner.mjs'), database.url], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  runners.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    said: async (): Promise<string> => String((await lines.next()).value),
    finish: () => child.stdin.write('go\n'),
  };
}

describe('the sweep of two processes', () => {
  it('runs in one of them at a time, and in the other once that one is done', async () => {
    const first = comeToTheJob();
    expect(await first.said()).toBe('at it');
    expect(await comeToTheJob().said()).toBe('left to another');
    first.finish();
    expect(await first.said()).toBe('done');
    expect(await comeToTheJob().said()).toBe('at it');
  });

  it('is taken over from a process that was killed in the middle', async () => {
    const first = comeToTheJob();
    expect(await first.said()).toBe('at it');
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    // PostgreSQL notices the closed connection by itself; until then another try is refused, and never doubled.
    for (let answer = ''; answer !== 'at it'; answer = await comeToTheJob().said())
      expect(['', 'left to another']).toContain(answer);
  });
});
