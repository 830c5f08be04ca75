import { parseArgs } from 'node:util';
import { parseVerifierKey } from '@sealgate/protocol';

/** How the monitor was called. */
export interface MonitorOptions {
  readonly url: URL;
  readonly key: string | undefined;
  readonly stateFile: string;
  readonly evidenceFile: string;
  readonly isOnce: boolean;
  readonly intervalMs: number;
}

/** The command was called in a way that means nothing. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What `--help` says. */
export const USAGE = `Usage: npx @sealgate/client monitor <url> [options]

Follows the key log of the Sealgate at <url> and checks everything. Ends with status 1 at the first inconsistency, and
writes down what it saw.

  --once              looks once and ends: 0 it fits, 1 it does not, 69 the server was not reached
  --key <key>         the log's verifier key, from whom you trust; else the first one that the server names is pinned
  --state <file>      where it keeps what it has seen (default: sealgate-monitor-<host>.json)
  --evidence <file>   where it writes what does not fit (default: sealgate-evidence-<host>.json)
  --interval <s>      seconds between two looks (default: 60)`;

const MAX_INTERVAL_SECONDS = 86_400;

/** @throws UsageError */
export async function parseOptions(args: readonly string[]): Promise<MonitorOptions> {
  const { values, positionals } = parse(args);
  const [address = '', ...rest] = positionals;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || rest.length > 0)
    throw new UsageError('Name the URL of one server.');
  if (url.search !== '' || url.hash !== '') throw new UsageError('The URL has no query and no fragment.');
  const seconds = Number(values.interval ?? 60);
  if (!(seconds >= 1 && seconds <= MAX_INTERVAL_SECONDS))
    throw new UsageError(`--interval is 1 to ${MAX_INTERVAL_SECONDS} seconds.`);
  const host = url.host.replace(/[^\w.-]/g, '_');
  return {
    url,
    key: await parseKey(values.key),
    stateFile: values.state ?? `sealgate-monitor-${host}.json`,
    evidenceFile: values.evidence ?? `sealgate-evidence-${host}.json`,
    isOnce: values.once ?? false,
    intervalMs: seconds * 1000,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        once: { type: 'boolean' },
        key: { type: 'string' },
        state: { type: 'string' },
        evidence: { type: 'string' },
        interval: { type: 'string' },
      },
    });
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : 'The options are not right.', { cause });
  }
}

async function parseKey(key: string | undefined): Promise<string | undefined> {
  if (key === undefined) return undefined;
  try {
    await parseVerifierKey(key);
    return key;
  } catch (cause) {
    throw new UsageError('--key is not a verifier key: name+hint+key, as /api/log/key shows it.', { cause });
  }
}
