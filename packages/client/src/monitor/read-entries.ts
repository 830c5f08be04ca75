import {
  appendLeaf,
  EMPTY_FRONTIER,
  encodeBase64,
  type Frontier,
  leafHash,
  parseEntryBundle,
  parseLeafData,
  type Tile,
  tilePath,
  tilesOf,
  TILE_WIDTH,
} from '@sealgate/protocol';
import { checking, Inconsistency } from './inconsistency.js';
import type { LogSource } from './log-source.js';

const HASH_BYTES = 32;

/** The tree and the accounts' newest versions after reading. */
export interface ReadOn {
  readonly frontier: Frontier;
  readonly versions: ReadonlyMap<string, number>;
  /** The newest leaf's hash; null where there was nothing new. */
  readonly newest: Uint8Array | null;
}

/**
 * Reads the entries from the end of the known tree to `size`, tile by tile: each one well-formed and the next version of
 * its account, and each tile of hashes equal to what the entries hash to.
 *
 * @throws Inconsistency, Unreachable
 */
export async function readEntries(
  source: LogSource,
  before: Pick<ReadOn, 'frontier' | 'versions'>,
  size: number,
  onProgress: (read: number) => void,
): Promise<ReadOn> {
  let { frontier } = before;
  const versions = new Map(before.versions);
  let newest: Uint8Array | null = null;
  for (const tile of tilesOf('entries', frontier.size, size)) {
    const leaves = await readTile(source, tile);
    const known = leaves.slice(0, frontier.size - tile.index * TILE_WIDTH);
    await requireKnown(known, frontier, tile);
    for (const leaf of leaves.slice(known.length)) {
      await requireNext(leaf, frontier.size, versions);
      newest = await leafHash(leaf);
      ({ frontier } = await appendLeaf(frontier, newest));
    }
    await compareHashes(source, { ...tile, level: 0 }, leaves);
    onProgress(frontier.size);
  }
  return { frontier, versions, newest };
}

async function readTile(source: LogSource, tile: Tile): Promise<readonly Uint8Array[]> {
  const path = tilePath(tile);
  const message = 'the log does not hand out entries that its head counts';
  const bytes = await checking('entries', message, { path }, () => source.bytes(path));
  return checking('entries', message, { path, shown: encodeBase64(bytes) }, async () =>
    parseEntryBundle(bytes, tile.width),
  );
}

/** What was read before, and is read again as the tile has grown, has to be the same: tiles begin at peaks of the tree. */
async function requireKnown(leaves: readonly Uint8Array[], frontier: Frontier, tile: Tile): Promise<void> {
  let again: Frontier = EMPTY_FRONTIER;
  for (const leaf of leaves) again = (await appendLeaf(again, await leafHash(leaf))).frontier;
  const kept = again.hashes.length === 0 ? [] : frontier.hashes.slice(-again.hashes.length);
  if (again.hashes.map(encodeBase64).join() !== kept.map(encodeBase64).join())
    throw new Inconsistency('entries', 'entries that were read before have changed', {
      path: tilePath(tile),
      shown: leaves.map(encodeBase64),
    });
}

async function requireNext(leaf: Uint8Array, index: number, versions: Map<string, number>): Promise<void> {
  const bytes = encodeBase64(leaf);
  const entry = await checking(
    'entries',
    'a leaf is not a well-formed entry',
    { index, leaf: bytes },
    async () => parseLeafData(leaf),
  );
  const expected = (versions.get(entry.user) ?? 0) + 1;
  if (entry.version !== expected)
    throw new Inconsistency('versions', 'the versions of an account do not follow one another', {
      index,
      entry: { ...entry },
      expected,
    });
  versions.set(entry.user, entry.version);
}

async function compareHashes(source: LogSource, tile: Tile, leaves: readonly Uint8Array[]): Promise<void> {
  const path = tilePath(tile);
  const message = 'a tile of hashes is not that of the entries';
  const shown = await checking('tiles', message, { path }, () => source.bytes(path));
  const hashes = await Promise.all(leaves.map(leafHash));
  const bytes = new Uint8Array(hashes.length * HASH_BYTES);
  for (const [i, hash] of hashes.entries()) bytes.set(hash, i * HASH_BYTES);
  const expected = encodeBase64(bytes);
  if (encodeBase64(shown) !== expected)
    throw new Inconsistency('tiles', message, { path, shown: encodeBase64(shown), expected });
}
