// `npm run keys -- <command>`: looks after the server's keys, with the settings of the server, beside it or without it.
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { prepare } from './lib/prepare.mjs';
import { root } from './lib/stale.mjs';

prepare();
process.argv.splice(2, 0, 'keys');
await import(pathToFileURL(join(root, 'dist/src/cli.js')).href);
