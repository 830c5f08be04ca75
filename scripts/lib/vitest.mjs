import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './stale.mjs';

/** Runs Vitest to its end. @returns its exit code; null where a signal ended it. */
export function runVitest(args, environment = {}) {
  const { status } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...args],
    {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...environment },
    },
  );
  return status;
}
