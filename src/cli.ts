import 'reflect-metadata';
import { runKeys } from './commands/keys.js';

const [group, ...args] = process.argv.slice(2);
if (group === 'keys')
  process.exitCode = await runKeys(
    args,
    process.env,
    (line) => process.stdout.write(`${line}\n`),
    (line) => process.stderr.write(`${line}\n`),
  );
else {
  process.stderr.write('There are commands for keys only: keys list, rotate, revoke, log-key, re-encrypt\n');
  process.exitCode = 64;
}
