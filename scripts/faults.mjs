// `npm run test:faults`: what happens to messages and sessions while replicas, databases and neighbours fail.
//   npm run test:faults -- test/faults/long/fail-over.e2e-spec.ts   one file
// `npm test` runs what does not lie in test/faults/long, with fewer people.
import { prepare } from './lib/prepare.mjs';
import { ensureTool } from './lib/system-tools.mjs';
import { runVitest } from './lib/vitest.mjs';

prepare();
ensureTool('faketime', 'faketime', 'the clocks of replicas are moved with it');
ensureTool('redis-server', 'redis-server', 'it is made to hang');
const args = ['--project', 'faults', '--no-file-parallelism', ...process.argv.slice(2)];
// The long form; `npm test` plays a short one.
process.exit(runVitest(args, { FAULTS: 'long' }) ?? 1);
