// Programs that come from the system's packages: installed where that may be done without asking, else named.
import { spawnSync } from 'node:child_process';

/** @returns true where the program can be run. */
export function ensureTool(program, debianPackage, purpose) {
  if (isThere(program)) return true;
  const mayInstall = process.getuid?.() === 0 && isThere('apt-get');
  if (mayInstall) {
    console.error(`Installing ${debianPackage} …`);
    const isInstalled = apt('install', debianPackage);
    // A machine that never listed its packages finds nothing at first.
    if (!isInstalled && apt('update')) apt('install', debianPackage);
  }
  if (isThere(program)) return true;
  console.error(
    `${program} is not here (${purpose}); those tests are skipped. On Debian: apt-get install ${debianPackage}`,
  );
  return false;
}

function isThere(program) {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;
}

function apt(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync('apt-get', ['-y', '-q', ...args], { stdio: ['ignore', 2, 2], env }).status === 0;
}
