import { ConfigError } from '../config/config.errors.js';
import type { Environment } from '../config/variables.js';
import { KeyRingRefusal } from '../crypto/key-ring/key-ring.errors.js';
import { LogSigner } from '../crypto/key-log/log-signer.service.js';
import { isRotating, ROTATING_PURPOSES, type RotatingPurpose } from '../crypto/key-ring/core/key-life.js';
import { withKeyTools, type KeyTools } from './key-tools.js';
import { listKeys } from './list-keys.js';
import { reEncryptAll } from './re-encrypt.js';
import { revokeKey } from './revoke-key.js';
import { rotateKeys } from './rotate-keys.js';
import { UsageError, type Print } from './usage-error.js';

/** sysexits.h: the command was used wrongly; the configuration cannot work. */
const EXIT_USAGE = 64;
const EXIT_CONFIG = 78;

const USAGE = `npm run keys -- <command>, with the server's settings, whether the server runs or not

  list            every key on record
  rotate [use]    lets the next key take over: ${ROTATING_PURPOSES.join(', ')}; without a use, all
  revoke <kid>    takes a key out of use at once, on every replica; what it signed is refused
  log-key         the key that verifies the key log
  re-encrypt      puts what lies under MASTER_KEY_PREVIOUS under MASTER_KEY`;

/** @returns the process's exit status: 0 where all was done, 1 where something was refused. */
export async function runKeys(
  args: readonly string[],
  environment: Environment,
  print: Print,
  complain: Print,
): Promise<number> {
  try {
    const work = parse(args, print);
    return (await withKeyTools(environment, work)) ? 0 : 1;
  } catch (error) {
    complain(error instanceof UsageError ? `${error.message}\n\n${USAGE}` : explain(error));
    if (error instanceof UsageError) return EXIT_USAGE;
    return error instanceof ConfigError ? EXIT_CONFIG : 1;
  }
}

type Work = (tools: KeyTools) => Promise<boolean>;

/** No options: a `kid` may begin with a hyphen. */
function parse([command = '', ...rest]: readonly string[], print: Print): Work {
  const [argument] = rest;
  const works = new Map<string, Work>([
    ['list', done(async (tools) => print(await listKeys(tools)))],
    ['rotate', (tools) => rotateKeys(tools, parseUse(argument), print)],
    ['revoke', done((tools) => revokeKey(tools, argument ?? '', print))],
    ['log-key', done(async ({ config, ring }) => print(await new LogSigner(config, ring).verifierKey()))],
    ['re-encrypt', (tools) => reEncryptAll(tools, print)],
  ]);
  const work = works.get(command);
  if (work === undefined)
    throw new UsageError(command === '' ? 'Which command?' : `There is no command ${command}`);
  const most = command === 'rotate' || command === 'revoke' ? 1 : 0;
  if (rest.length > most) throw new UsageError(`${command} takes ${most === 0 ? 'nothing' : 'one argument'}`);
  if (command === 'revoke' && argument === undefined) throw new UsageError('revoke needs the kid of a key');
  return work;
}

function done(work: (tools: KeyTools) => Promise<void>): Work {
  return (tools) => work(tools).then(() => true);
}

function parseUse(use: string | undefined): RotatingPurpose | undefined {
  if (use === undefined || isRotating(use)) return use;
  const uses = ROTATING_PURPOSES.join(', ');
  throw new UsageError(`A use is one of ${uses}; the key of the key log never changes`);
}

function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof KeyRingRefusal) return error.message;
  return `The command failed: ${error instanceof Error ? error.message : String(error)}`;
}
