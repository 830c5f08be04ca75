// `npm start`: installs, builds and serves; a second start finds both done.
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { prepare } from './lib/prepare.mjs';
import { root } from './lib/stale.mjs';

prepare();
await import(pathToFileURL(join(root, 'dist/src/main.js')).href);
