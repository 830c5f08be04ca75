// `npm test`: installs, builds and runs everything: unit tests and vectors, then the end-to-end tests twice, on the
// PostgreSQL that the quick start brings along and on the machine's own (or the same one again by DATABASE_URL).
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare } from './lib/prepare.mjs';
import { ensureTool } from './lib/system-tools.mjs';
import { runVitest } from './lib/vitest.mjs';

prepare();
ensureTool('oathtool', 'oathtool', 'the demo is also played with codes of this independent TOTP program');
ensureTool('redis-server', 'redis-server', 'limits are also tested with REDIS_URL');
ensureTool('faketime', 'faketime', 'the clocks of replicas are moved with it');
ensureTool('chromium', 'chromium', 'the browser app is played in it');

/** What takes minutes each. */
const LONG_FAULTS = ['test/faults/long/**', 'test/faults/exactly-once.e2e-spec.ts'];
const reports = mkdtempSync(join(tmpdir(), 'sealgate-test-'));
const runs = [
  { name: 'unit tests and vectors', args: ['--project', 'unit'], env: {} },
  {
    name: 'end to end, PostgreSQL of the package',
    args: ['--project', 'e2e', '--project', 'embedded'],
    env: { E2E_POSTGRES: 'package' },
  },
  {
    name: 'end to end, PostgreSQL of the machine',
    // Without the launcher's own tests, which run both kinds of binaries by themselves.
    args: ['--project', 'e2e'],
    env: { E2E_POSTGRES: 'system' },
  },
  {
    name: 'the browser app in Chromium',
    // One at a time: they watch how quick things are.
    args: ['--project', 'browser', '--no-file-parallelism'],
    env: {},
  },
  {
    name: 'faults, in their short form',
    // `npm run test:faults` has all of them. One at a time: each loads the machine.
    args: ['--project', 'faults', '--no-file-parallelism', ...excluding(LONG_FAULTS)],
    env: { FAULTS: 'short' },
  },
];
const totals = { passed: 0, failed: 0, skipped: 0 };
for (const [index, run] of runs.entries()) count(execute(run, join(reports, `${index}.json`)));
rmSync(reports, { recursive: true, force: true });

console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exit(totals.failed === 0 && totals.passed > 0 ? 0 : 1);

function excluding(patterns) {
  return patterns.flatMap((pattern) => ['--exclude', pattern]);
}

function execute({ name, args, env }, report) {
  console.log(`\n== ${name}`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  return { status: runVitest([...args, ...reporters], env), report };
}

/** A run that failed outside a test (a hook, an unhandled rejection, a crash) counts as a failure of its own. */
function count({ status, report }) {
  let result;
  try {
    result = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    totals.failed += 1;
    return;
  }
  totals.passed += result.numPassedTests;
  totals.failed += result.numFailedTests;
  totals.skipped += result.numPendingTests + result.numTodoTests;
  if (status !== 0 && result.numFailedTests === 0) totals.failed += 1;
}
