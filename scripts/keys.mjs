// `npm run keys -- <command>`: looks after the server's keys, with the settings of the server, beside it or without it.
import { runCli } from './lib/cli.mjs';

await runCli('keys');
