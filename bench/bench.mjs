import { performance } from 'node:perf_hooks';
import { startListener, stopAll } from './lib/processes.mjs';
import { Stack } from './lib/stack.mjs';
import { writeResults } from './results.mjs';

/** In the order of the table; each file of `rows/` exports `measure`. */
const ROWS = [
  'me',
  'sign-in',
  'refresh',
  'send',
  'history',
  'history-at-scale',
  'fan-out',
  'delivery',
  'seal-and-open',
  'start',
  'memory',
];

/**
 * @param only names of rows, or null for all; the results are written only for all.
 * @param note what else the machine did, for the results; or null.
 * @param profileTo a folder for CPU profiles of the server, or null.
 * @returns true where every row could be measured.
 */
export async function runBench({ only, profileTo, note }) {
  const began = performance.now();
  const found = [];
  const failed = [];
  const stack = await Stack.start();
  const loader = await startListener('lib/load-process.mjs');
  const load = async (job) => {
    const result = await loader.ask(job);
    if (result.error) throw new Error(result.error);
    return result;
  };
  const profile = (name) =>
    profileTo === null
      ? []
      : ['--cpu-prof', '--cpu-prof-dir', profileTo, '--cpu-prof-name', `${name}.cpuprofile`];
  try {
    for (const name of only ?? ROWS) {
      const rowBegan = performance.now();
      try {
        const { measure } = await import(`./rows/${name}.mjs`);
        for (const row of await measure({ stack, load, profile })) {
          found.push(row);
          report(row);
        }
      } catch (error) {
        failed.push(name);
        console.error(`${name}: ${error.stack}`);
      }
      console.error(`  ${name} took ${Math.round((performance.now() - rowBegan) / 1000)} s`);
    }
  } finally {
    await stopAll();
    await stack.stop();
  }
  const seconds = Math.round((performance.now() - began) / 1000);
  if (only === null && failed.length === 0)
    await writeResults(found, { seconds, postgres: stack.version, note });
  return failed.length === 0;
}

function report({ row, ratio, bound, mark, reached, detail }) {
  const verdict = reached === null ? 'no mark' : reached ? 'reached' : 'NOT REACHED';
  console.log(`${row}: ${ratio}${mark === null ? '' : ` (${bound} ${mark})`} ${verdict}; ${detail}`);
}
