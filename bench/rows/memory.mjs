import { setTimeout as delay } from 'node:timers/promises';
import { interleave, median, row } from '../lib/rounds.mjs';
import { startEmptyNest } from './start.mjs';

const REST_MS = 3_000;

/** Resident memory, a few seconds after the process is ready. Both are measured in the same seconds. */
export async function measure({ stack }) {
  const database = await stack.createDatabase('memory');
  const found = await interleave({
    both: async () => {
      const { listener: nest } = await startEmptyNest();
      const server = await stack.startSealgate(database);
      await delay(REST_MS);
      const residents = { sealgate: server.residentKb() / 1024, nest: nest.residentKb() / 1024 };
      await Promise.all([server.stop(), nest.stop()]);
      return residents;
    },
  });
  const sealgate = median(found.both.map((each) => each.sealgate));
  const nest = median(found.both.map((each) => each.nest));
  const more = median(found.both.map((each) => each.sealgate - each.nest));
  const detail = `${Math.round(sealgate)} MB to ${Math.round(nest)} MB`;
  return [row('memory at rest, MB more than an empty Nest app on Fastify', more, '≤', 60, detail)];
}
