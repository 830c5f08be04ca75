// `npm run log:verify`: walks the whole key log in the server's database, and names the first row that does not fit.
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { prepare } from './lib/prepare.mjs';
import { root } from './lib/stale.mjs';

prepare();
process.argv.splice(2, 0, 'log-verify');
await import(pathToFileURL(join(root, 'dist/src/cli.js')).href);
