import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findSystemBinaries } from '../../dist/src/database/embedded/system-binaries.js';

const run = promisify(execFile);

/**
 * Runs scripts with prepared statements at the same time, one client each.
 * @param scripts as `{ script, variables }`.
 * @returns the transactions a second of all of them together.
 */
export async function pgbench(stack, database, scripts, seconds) {
  const program = join(await binaries(), 'pgbench');
  const runs = scripts.map(async ({ script, variables }, i) => {
    const file = join(stack.directory, `script-${i}.sql`);
    writeFileSync(file, script);
    const defined = Object.entries(variables).flatMap(([name, value]) => ['-D', `${name}=${value}`]);
    const options = ['-n', '-M', 'prepared', '-c', '1', '-T', String(seconds), '-f', file];
    const { stdout } = await run(program, [...options, ...defined, database]).catch(({ stderr }) => {
      throw new Error(stderr);
    });
    const [, tps] = /^tps = ([\d.]+)/m.exec(stdout) ?? [];
    if (tps === undefined) throw new Error(stdout);
    return Number(tps);
  });
  const rates = await Promise.all(runs);
  return { perSecond: rates.reduce((sum, rate) => sum + rate, 0) };
}

/** The machine's own: the package brings only what a server needs. */
async function binaries() {
  const found = await findSystemBinaries();
  if (found.length === 0) throw new Error('pgbench comes with PostgreSQL: apt-get install postgresql');
  return found.at(-1).directory;
}
