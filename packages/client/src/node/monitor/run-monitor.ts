import { Inconsistency, Unreachable } from '../../monitor/inconsistency.js';
import { LogSource } from '../../monitor/log-source.js';
import { firstState, look } from '../../monitor/look.js';
import { formatState, type MonitorState, parseState, StateError } from '../../monitor/monitor-state.js';
import { type MonitorOptions, parseOptions, USAGE, UsageError } from './options.js';
import { readIfThere, writeAtomically } from './state-file.js';

/** 0: it fits. The others are those of sysexits.h: wrong usage, a damaged state file, no server. */
const EXIT = { fits: 0, caught: 1, usage: 64, state: 65, unreachable: 69 } as const;

const TIMEOUT_MS = 30_000;
const PROGRESS_MS = 5_000;

/** Where the monitor runs. */
export interface MonitorEnvironment {
  readonly print: (line: string) => void;
  readonly complain: (line: string) => void;
  readonly fetch?: typeof fetch;
  /** Ends the watch between two looks. */
  readonly signal?: AbortSignal;
}

/**
 * Watches a server's key log from outside.
 *
 * @returns the exit status: 0 where it was told to stop and everything had fitted, 1 at the first inconsistency
 */
export async function runMonitor(args: readonly string[], environment: MonitorEnvironment): Promise<number> {
  const { print, complain } = environment;
  if (args.includes('--help')) {
    print(USAGE);
    return EXIT.fits;
  }
  try {
    const options = await parseOptions(args);
    return await watch(options, environment);
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof StateError)) throw error;
    complain(error instanceof UsageError ? `${error.message}\n\n${USAGE}` : error.message);
    return error instanceof UsageError ? EXIT.usage : EXIT.state;
  }
}

async function watch(options: MonitorOptions, environment: MonitorEnvironment): Promise<number> {
  const { print, complain, signal } = environment;
  const source = new LogSource(options.url, { fetch: environment.fetch ?? fetch, timeoutMs: TIMEOUT_MS });
  let state = await readState(options);
  for (;;) {
    try {
      state = await lookOnce(source, state, options, print);
      if (options.isOnce) return EXIT.fits;
    } catch (error) {
      if (error instanceof Inconsistency) return await report(error, options, state, complain);
      if (!(error instanceof Unreachable)) throw error;
      complain(`not reached: ${error.message}`);
      if (options.isOnce) return EXIT.unreachable;
    }
    if (!(await pause(options.intervalMs, signal))) return EXIT.fits;
  }
}

async function lookOnce(
  source: LogSource,
  known: MonitorState | undefined,
  options: MonitorOptions,
  print: MonitorEnvironment['print'],
): Promise<MonitorState> {
  const before = known ?? (await firstState(source, options.url.href, options.key));
  if (known === undefined && options.key === undefined)
    print(`pinned ${before.key}: compare it with the operator's`);
  let told = Date.now();
  const { state, size, root, added } = await look(source, before, (read, of) => {
    if (Date.now() - told < PROGRESS_MS) return;
    told = Date.now();
    print(`read ${read} of ${of} entries`);
  });
  // Where nothing is new the note is the same too: Ed25519 has no randomness.
  if (state.checkpoint !== known?.checkpoint) await writeAtomically(options.stateFile, formatState(state));
  print(`fits: size ${size}, root ${root}, ${added} new`);
  return state;
}

/** @throws StateError, UsageError where the file is about another server or key */
async function readState({ stateFile, url, key }: MonitorOptions): Promise<MonitorState | undefined> {
  const text = await readIfThere(stateFile);
  if (text === undefined) return undefined;
  const state = await parseState(text);
  if (state.url !== url.href)
    throw new UsageError(`${stateFile} is about ${state.url}: name another with --state.`);
  if (key !== undefined && key !== state.key)
    throw new UsageError(`${stateFile} was made with the key ${state.key}: name another with --state.`);
  return state;
}

async function report(
  { check, message, evidence }: Inconsistency,
  { evidenceFile, url, key }: MonitorOptions,
  state: MonitorState | undefined,
  complain: MonitorEnvironment['complain'],
): Promise<number> {
  const pinned = state?.key ?? key ?? null;
  const found = { v: 1, at: new Date().toISOString(), url: url.href, check, message, pinned, evidence };
  complain(`INCONSISTENT (${check}): ${message}`);
  await writeAtomically(evidenceFile, `${JSON.stringify(found, null, 2)}\n`);
  complain(`What was seen is in ${evidenceFile}. Keep it, with the state file, and show it to others.`);
  return EXIT.caught;
}

/** @returns false where the watch is to end */
async function pause(ms: number, signal: AbortSignal | undefined): Promise<boolean> {
  if (signal?.aborted) return false;
  return new Promise((done) => {
    const stop = (): void => {
      clearTimeout(timer);
      done(false);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      done(true);
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
