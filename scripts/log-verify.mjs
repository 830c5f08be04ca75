// `npm run log:verify`: walks the whole key log in the server's database, and names the first row that does not fit.
import { runCli } from './lib/cli.mjs';

await runCli('log-verify');
