import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { freePort } from '../../scripts/lib/free-port.mjs';
import { startNode } from '../lib/processes.mjs';
import { interleave, median, ratio, row } from '../lib/rounds.mjs';

const run = promisify(execFile);

/** From the start of the process until `/readyz` is 200, on a database that is migrated. */
export async function measure({ stack }) {
  const database = await stack.createDatabase('start');
  await (await stack.startSealgate(database)).stop();
  const found = await interleave({
    node: async () => {
      const began = performance.now();
      await run(process.execPath, ['-e', '0']);
      return performance.now() - began;
    },
    nest: async () => {
      const { listener, readyMs } = await startEmptyNest();
      await listener.stop();
      return readyMs;
    },
    sealgate: async () => {
      const server = await stack.startSealgate(database);
      await server.stop();
      return server.readyMs;
    },
  });
  const ms = (name) => `${Math.round(median(found[name]))} ms`;
  return [
    row(
      'start to ready, to an empty Nest app',
      ratio(found.sealgate, found.nest),
      '≤',
      3,
      `${ms('sealgate')} to ${ms('nest')}`,
    ),
    row(
      'start to ready, to `node -e 0`',
      ratio(found.sealgate, found.node),
      '≤',
      null,
      `${ms('sealgate')} to ${ms('node')}`,
    ),
  ];
}

export async function startEmptyNest() {
  const port = await freePort();
  return startNode(['bench/floors/empty-nest.mjs'], {
    port,
    env: { PORT: String(port) },
    ready: '/readyz',
  });
}
