// `npm run screenshots`: writes a picture of every page, light and dark, on a phone and a desktop, to docs/screenshots.
import { prepare } from './lib/prepare.mjs';
import { ensureTool } from './lib/system-tools.mjs';
import { runVitest } from './lib/vitest.mjs';

prepare();
const canPlay = [
  ensureTool('chromium', 'chromium', 'the pictures are taken in it'),
  ensureTool('oathtool', 'oathtool', 'codes of the second step come from it'),
];
if (canPlay.includes(false)) process.exit(1);
process.exit(runVitest(['--project', 'screenshots', ...process.argv.slice(2)]) ?? 1);
