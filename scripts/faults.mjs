// `npm run test:faults`: what happens to messages and sessions while replicas, databases and neighbours fail.
//   npm run test:faults -- test/faults/long/fail-over.e2e-spec.ts   one file
// `npm test` runs what does not lie in test/faults/long, with fewer people.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { prepare } from './lib/prepare.mjs';
import { root } from './lib/stale.mjs';
import { ensureTool } from './lib/system-tools.mjs';

prepare();
ensureTool('faketime', 'faketime', 'the clocks of replicas are moved with it');
ensureTool('redis-server', 'redis-server', 'it is made to hang');
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const args = ['run', '--project', 'faults', '--no-file-parallelism', ...process.argv.slice(2)];
// The long form; `npm test` plays a short one.
const env = { ...process.env, FAULTS: 'long' };
const { status } = spawnSync(process.execPath, [vitest, ...args], { cwd: root, stdio: 'inherit', env });
process.exit(status ?? 1);
