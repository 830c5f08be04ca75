// `npm run keys -- <command>`: looks after the server's keys, with the settings of the server, beside it or without it.
// Runs what is built and never installs or builds: a server may be running on both.
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { root } from './lib/stale.mjs';

const cli = join(root, 'dist/src/cli.js');
if (!existsSync(cli)) {
  console.error('Nothing is built yet: npm start does that, or npm run build.');
  process.exit(1);
}
process.argv.splice(2, 0, 'keys');
await import(pathToFileURL(cli).href);
