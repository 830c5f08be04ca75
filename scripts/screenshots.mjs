// `npm run screenshots`: writes a picture of every page, light and dark, on a phone and a desktop, to docs/screenshots.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { prepare } from './lib/prepare.mjs';
import { root } from './lib/stale.mjs';
import { ensureTool } from './lib/system-tools.mjs';

prepare();
const canPlay = [
  ensureTool('chromium', 'chromium', 'the pictures are taken in it'),
  ensureTool('oathtool', 'oathtool', 'codes of the second step come from it'),
];
if (canPlay.includes(false)) process.exit(1);
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const args = ['run', '--project', 'screenshots', ...process.argv.slice(2)];
const { status } = spawnSync(process.execPath, [vitest, ...args], { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);
