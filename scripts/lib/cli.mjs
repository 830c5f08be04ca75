import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './stale.mjs';

/** Runs a command of the built server's; never installs or builds, as a server may be running on both. */
export async function runCli(command) {
  const cli = join(root, 'dist/src/cli.js');
  if (!existsSync(cli)) {
    console.error('Nothing is built yet: npm start does that, or npm run build.');
    process.exit(1);
  }
  process.argv.splice(2, 0, command);
  await import(pathToFileURL(cli).href);
}
