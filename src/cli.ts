import 'reflect-metadata';
import { runKeys } from './commands/keys.js';
import { runVerifyLog } from './commands/verify-log.js';

const COMMANDS = new Map([
  ['keys', runKeys],
  ['log-verify', runVerifyLog],
]);

const [name = '', ...args] = process.argv.slice(2);
const run = COMMANDS.get(name);
if (run === undefined) {
  process.stderr.write('The commands are: keys list, rotate, revoke, log-key, re-encrypt; log-verify\n');
  process.exitCode = 64;
} else
  process.exitCode = await run(
    args,
    process.env,
    (line) => process.stdout.write(`${line}\n`),
    (line) => process.stderr.write(`${line}\n`),
  );
