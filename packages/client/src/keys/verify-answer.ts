import {
  encodeBase64url,
  leafData,
  leafHash,
  logEntryOf,
  type ParsedKeyStatement,
  parseKeyStatement,
  parseProofHashes,
  ProtocolError,
  verifyInclusion,
  type VerifiedKeyStatement,
  verifyStatementChain,
} from '@sealgate/protocol';
import type { Alarms } from '../log/alarms.js';
import type { LogCheck, SeenHead } from '../log/log-types.js';
import type { PinnedLog } from '../log/pinned-log.js';

/** A statement with its place in the log, as the server says. */
export interface LoggedStatement {
  readonly statement: unknown;
  readonly log: {
    readonly index: number;
    readonly size: number;
    readonly checkpoint: string;
    readonly hashes: unknown;
  };
}

/** An account's keys that passed every check. */
export interface VerifiedChain {
  /** The oldest first; never empty. */
  readonly statements: readonly VerifiedKeyStatement[];
  readonly indices: readonly number[];
  readonly head: { readonly size: number; readonly root: string };
}

/**
 * Checks what the server says of somebody's keys: the log's signature → its consistency with the kept head →
 * inclusion → the chain → the statements that were verified before.
 *
 * @param atStart the head that was kept when the server was asked
 * @param knownHashes the `payloadHash` of each statement that was verified before
 * @throws SealgateError `key_log_alarm`
 */
export async function verifyAnswer(
  userId: string,
  keys: readonly LoggedStatement[],
  knownHashes: readonly string[],
  context: { readonly log: PinnedLog; readonly alarms: Alarms; readonly atStart: SeenHead | undefined },
): Promise<VerifiedChain> {
  const fail = (check: LogCheck, message: string, cause?: unknown) =>
    context.alarms.fail(
      {
        check,
        message,
        userId,
        blocksSending: false,
        evidence: { keys, knownHashes, refusal: cause instanceof ProtocolError ? cause.reason : null },
      },
      cause,
    );
  const heads = new Map<string, Awaited<ReturnType<PinnedLog['advance']>>>();
  for (const { log } of keys) {
    if (!heads.has(log.checkpoint))
      heads.set(log.checkpoint, await context.log.advance(log.checkpoint, context.atStart));
  }
  const parsed: ParsedKeyStatement[] = [];
  for (const { statement, log } of keys) {
    const one = await parseKeyStatement(statement).catch(async (cause: unknown) => {
      throw await fail('chain', 'a key statement is malformed', cause);
    });
    parsed.push(one);
    const head = heads.get(log.checkpoint);
    if (head === undefined) throw new TypeError('a head was not looked at');
    await requireInclusion(one, log, head).catch(async (cause: unknown) => {
      throw await fail('inclusion', 'a key statement is not in the key log', cause);
    });
  }
  const statements = await verifyStatementChain(parsed, userId).catch(async (cause: unknown) => {
    throw await fail('chain', 'the key statements do not follow from one another', cause);
  });
  const indices = keys.map(({ log }) => log.index);
  if (indices.some((index, i) => index <= (indices[i - 1] ?? -1)))
    throw await fail('chain', 'the key statements stand in the log in another order');
  if (knownHashes.some((hash, i) => statements[i]?.payloadHash !== hash))
    throw await fail('known-keys', 'key statements that were seen before are gone or others');
  const last = [...heads.values()].reduce((a, b) => (a.size > b.size ? a : b));
  return { statements, indices, head: { size: last.size, root: encodeBase64url(last.root) } };
}

async function requireInclusion(
  statement: ParsedKeyStatement,
  { index, size, hashes }: LoggedStatement['log'],
  head: { readonly size: number; readonly root: Uint8Array },
): Promise<void> {
  if (size !== head.size) throw new ProtocolError('bad-proof', 'the proof is for another head');
  const leaf = await leafHash(leafData(logEntryOf(statement)));
  await verifyInclusion({ leaf, index, size, root: head.root, proof: parseProofHashes(hashes) });
}

/** A chain that was verified before, as it is stored. */
export interface StoredChain {
  readonly statements: readonly unknown[];
  readonly indices: readonly number[];
  readonly head: { readonly size: number; readonly root: string };
}

/** What to store of a chain. */
export function toStored({ statements, indices, head }: VerifiedChain): StoredChain {
  return { statements: statements.map(({ json }) => json), indices, head };
}

/** The stored chain; its signatures are checked again, which costs less than to trust the storage. */
export async function fromStored(userId: string, stored: StoredChain): Promise<VerifiedChain> {
  const parsed = await Promise.all(stored.statements.map((statement) => parseKeyStatement(statement)));
  const statements = await verifyStatementChain(parsed, userId);
  return { statements, indices: stored.indices, head: stored.head };
}
