import { parseVerifierKey, ProtocolError } from '@sealgate/protocol';
import { ConfigError } from '../config/config.errors.js';
import type { Environment } from '../config/variables.js';
import { Misfit } from '../crypto/key-log/verify/misfit.js';
import { verifyLog } from '../crypto/key-log/verify/verify-log.js';
import { UsageError, type Print } from './usage-error.js';
import { withDatabase } from './with-database.js';

/** sysexits.h: the command was used wrongly; the configuration cannot work. */
const EXIT_USAGE = 64;
const EXIT_CONFIG = 78;

const USAGE = `npm run log:verify -- [--key <verifier key>], with the server's settings, whether the server runs or not

  --key   the log's key as somebody outside has written it down, instead of the one in the database`;

/** @returns the process's exit status: 0 where everything fits, 1 where a row does not, and was named. */
export async function runVerifyLog(
  args: readonly string[],
  environment: Environment,
  print: Print,
  complain: Print,
): Promise<number> {
  try {
    const key = await parse(args);
    const report = await withDatabase(environment, ({ dataSource }) =>
      verifyLog(dataSource, { key, onProgress: (what, done) => complain(`${what}: ${done}`) }),
    );
    const { size, nodes, statements, kids, root } = report;
    print(`The key log fits: ${size} leaves, ${nodes} nodes, ${statements} statements, ${kids} keys`);
    print(`root ${root}`);
    print(`signed by ${report.key}`);
    return 0;
  } catch (error) {
    if (error instanceof Misfit) complain(`The key log does not fit.\n${error.message}`);
    else complain(error instanceof UsageError ? `${error.message}\n\n${USAGE}` : explain(error));
    if (error instanceof UsageError) return EXIT_USAGE;
    return error instanceof ConfigError ? EXIT_CONFIG : 1;
  }
}

async function parse([option, key, ...rest]: readonly string[]): Promise<string | null> {
  if (option === undefined) return null;
  if (option !== '--key' || key === undefined || rest.length > 0)
    throw new UsageError('Only --key <key> is known');
  try {
    await parseVerifierKey(key);
    return key;
  } catch (error) {
    if (error instanceof ProtocolError) throw new UsageError(`--key: ${error.message}`);
    throw error;
  }
}

function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  return `The command failed: ${error instanceof Error ? error.message : String(error)}`;
}
