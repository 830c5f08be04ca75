import {
  type Checkpoint,
  EMPTY_FRONTIER,
  encodeBase64,
  type Frontier,
  frontierRoot,
  parseProofHashes,
  parseVerifierKey,
  verifyCheckpoint,
  verifyConsistency,
  verifyInclusion,
} from '@sealgate/protocol';
import { checking, Inconsistency } from './inconsistency.js';
import type { LogSource } from './log-source.js';
import type { MonitorState } from './monitor-state.js';
import { readEntries } from './read-entries.js';

/** A head that fitted. */
export interface Look {
  readonly state: MonitorState;
  readonly size: number;
  /** Base64. */
  readonly root: string;
  /** How many entries are new. */
  readonly added: number;
}

/**
 * The state of somebody who has seen nothing yet.
 *
 * @param key the pinned verifier key; without one, the key that the server names now is pinned
 * @throws Inconsistency, Unreachable
 */
export async function firstState(source: LogSource, url: string, key?: string): Promise<MonitorState> {
  const pinned = key ?? (await shownKey(source));
  await checking('key', 'what the server names is no log key', { shown: pinned }, () =>
    parseVerifierKey(pinned),
  );
  return { url, key: pinned, checkpoint: null, frontier: EMPTY_FRONTIER, versions: new Map() };
}

/**
 * Looks at the log once: the key, the head's signature, that it only grew since the last look, every entry since then,
 * and that all of them hash to the head.
 *
 * @returns the state to keep; the old one stands where this throws
 * @throws Inconsistency at the first thing that does not fit; Unreachable
 */
export async function look(
  source: LogSource,
  before: MonitorState,
  onProgress: (read: number, size: number) => void = () => undefined,
): Promise<Look> {
  await requireKey(source, before.key);
  const checkpoint = await source.text('checkpoint');
  const kept = before.checkpoint;
  const head = await checking(
    'signature',
    'the head is not signed by the pinned key',
    { kept, checkpoint },
    async () => verifyCheckpoint(checkpoint, await parseVerifierKey(before.key)),
  );
  await requireGrowth(source, before, head, { kept, checkpoint });
  const read = await readEntries(source, before, head.size, (done) => onProgress(done, head.size));
  const root = encodeBase64(head.root);
  const rebuilt = encodeBase64(await frontierRoot(read.frontier));
  if (rebuilt !== root)
    throw new Inconsistency('entries', 'the entries do not hash to the head', { kept, checkpoint, rebuilt });
  if (read.newest !== null) await requireInclusion(source, read.newest, head, { checkpoint });
  const { frontier, versions } = read;
  const state = { ...before, checkpoint, frontier, versions };
  return { state, size: head.size, root, added: head.size - before.frontier.size };
}

async function shownKey(source: LogSource): Promise<string> {
  const text = await checking('key', 'the server names no log key', {}, () => source.text('key'));
  return text.replace(/\n$/, '');
}

/** Whoever comes to this log for the first time is to pin the same key. */
async function requireKey(source: LogSource, pinned: string): Promise<void> {
  const shown = await shownKey(source);
  if (shown !== pinned)
    throw new Inconsistency('key', 'the server names another log key than the pinned one', { pinned, shown });
}

async function requireGrowth(
  source: LogSource,
  { frontier }: { readonly frontier: Frontier },
  head: Checkpoint,
  evidence: Readonly<Record<string, unknown>>,
): Promise<void> {
  const from = { size: frontier.size, root: await frontierRoot(frontier) };
  if (head.size < from.size)
    throw new Inconsistency('old-head', 'the head is older than the one that was kept', evidence);
  if (from.size === 0) return;
  const message = 'the head does not continue the one that was kept';
  const path = `proof/consistency?from=${from.size}&to=${head.size}`;
  const hashes = await checking('consistency', message, evidence, () => source.hashes(path));
  await checking('consistency', message, { ...evidence, path, hashes }, async () =>
    verifyConsistency({ from, to: head, proof: parseProofHashes(hashes) }),
  );
}

async function requireInclusion(
  source: LogSource,
  leaf: Uint8Array,
  { size, root }: Checkpoint,
  evidence: Readonly<Record<string, unknown>>,
): Promise<void> {
  const index = size - 1;
  const message = 'the newest entry is not proven to be in the log';
  const path = `proof/inclusion?index=${index}&size=${size}`;
  const hashes = await checking('inclusion', message, evidence, () => source.hashes(path));
  await checking('inclusion', message, { ...evidence, path, hashes }, async () =>
    verifyInclusion({ leaf, index, size, root, proof: parseProofHashes(hashes) }),
  );
}
