// `npm run bench`: each row of bench/RESULTS.md against its floor and its peers, within ten minutes.
//   npm run bench -- --only me,send     some rows; writes nothing
//   npm run bench -- --profile DIR      with CPU profiles of the server
//   npm run bench -- --note TEXT        what else the machine did meanwhile, for the results
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { prepare, step } from './lib/prepare.mjs';
import { root } from './lib/stale.mjs';

prepare();
installPeers();
const { runBench } = await import('../bench/bench.mjs');

const { values: options } = parseArgs({
  options: { only: { type: 'string' }, profile: { type: 'string' }, note: { type: 'string' } },
});
const isWhole = await runBench({
  only: options.only?.split(',') ?? null,
  note: options.note ?? null,
  profileTo: options.profile === undefined ? null : resolve(options.profile),
});
process.exit(isWhole ? 0 : 1);

/** The peers are no part of Sealgate: they have a package.json and a lock file of their own. */
function installPeers() {
  const folder = join(root, 'bench');
  const versions = (file) =>
    existsSync(file)
      ? JSON.stringify(
          Object.entries(JSON.parse(readFileSync(file, 'utf8')).packages)
            .filter(([path, { optional }]) => path !== '' && !optional)
            .map(([path, { version }]) => [path, version]),
        )
      : '';
  const installed = versions(join(folder, 'node_modules/.package-lock.json'));
  if (installed === versions(join(folder, 'package-lock.json'))) return;
  step("Installing the benchmarks' peers", 'npm', ['ci', '--no-audit', '--no-fund', '--prefix', folder]);
}
