// What every command needs first: a Node that is new enough, the packages, and a build that is not stale.
import { spawnSync } from 'node:child_process';
import { isBuildStale, isInstallStale, root } from './stale.mjs';

export function prepare() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`Sealgate needs Node 20.19 or newer; this is ${process.version}.`);
    process.exit(1);
  }
  if (isInstallStale()) step('Installing packages', 'npm', ['ci', '--no-audit', '--no-fund']);
  if (isBuildStale()) step('Building', process.execPath, ['scripts/build.mjs']);
}

export function step(title, command, args, env = {}) {
  console.error(`${title} …`);
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    // npm's chatter is not the answer of `npm start`.
    stdio: ['ignore', 2, 2],
    env: { ...process.env, ...env },
    shell: process.platform === 'win32' && command === 'npm',
  });
  if (error) console.error(error.message);
  if (status === 0) return;
  console.error(`${title} failed.`);
  process.exit(status ?? 1);
}
