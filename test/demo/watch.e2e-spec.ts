import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildIfStale, playDemo, scratchDir, startBuiltServer, type BuiltServer } from './built-server.js';

const root = resolve(import.meta.dirname, '../..');

let dataDir: string;
let server: BuiltServer;
beforeAll(async () => {
  buildIfStale();
  dataDir = await scratchDir();
  server = await startBuiltServer({ DATA_DIR: dataDir });
  expect(await playDemo(server.url)).toMatchObject({ status: 0 });
}, 180_000);
afterAll(async () => {
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** What is built, as a process of its own. */
function run(script: string, ...args: string[]): Promise<{ status: number; output: string }> {
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, DATA_DIR: dataDir, PORT: new URL(server.url).port };
  return new Promise((done) => {
    execFile(
      process.execPath,
      [join(root, script), ...args],
      { env, cwd: dataDir },
      (error, stdout, stderr) =>
        done({ status: error === null ? 0 : Number(error.code), output: stdout + stderr }),
    );
  });
}

describe('the key log of a built server with the embedded database', () => {
  it('is verified from inside, while the server runs', async () => {
    const { status, output } = await run('dist/src/cli.js', 'log-verify');
    expect(output).toContain('The key log fits: 2 leaves, 3 nodes, 2 statements, 4 keys');
    expect(status).toBe(0);
  });

  it('is watched from outside by the client’s command', async () => {
    const { status, output } = await run('packages/client/bin/sealgate.js', 'monitor', server.url, '--once');
    expect(output).toMatch(/fits: size 2, root \S{44}, 2 new\n$/);
    expect(status).toBe(0);
  });

  it('and the commands say how they are used', async () => {
    const monitor = await run('packages/client/bin/sealgate.js');
    expect(monitor).toMatchObject({
      status: 64,
      output: expect.stringContaining('npx @sealgate/client monitor'),
    });
    const verify = await run('dist/src/cli.js', 'log-verify', '--nonsense');
    expect(verify).toMatchObject({ status: 64, output: expect.stringContaining('npm run log:verify') });
  });

  it('is verified from inside after the server has stopped', async () => {
    await server.stop();
    expect((await run('dist/src/cli.js', 'log-verify')).status).toBe(0);
  });
});
