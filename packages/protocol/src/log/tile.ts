import { type Bytes, concat } from '../bytes.js';
import { ProtocolError } from '../errors.js';
import { check } from '../shape.js';

/** A full tile has this many hashes, a full bundle this many entries. */
export const TILE_WIDTH = 256;

/** A tile's subtree has this many levels of the tree; nodes of tree level 8·L are the hashes of tile level L. */
export const TILE_HEIGHT = 8;

const MAX_LEVEL = 63;
/** The last index whose leaves have whole-number places. */
const MAX_INDEX = Math.floor(Number.MAX_SAFE_INTEGER / TILE_WIDTH);
const MAX_ENTRY_BYTES = 65_535;
const PATH = /^(entries|\d{1,2})\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d{1,3}))?$/;

/** Consecutive hashes of one level of the tree, or the entries under those of level 0. @see https://c2sp.org/tlog-tiles */
export interface Tile {
  readonly level: number | 'entries';
  readonly index: number;
  /** How many hashes or entries: 256 where it is full. */
  readonly width: number;
}

/** Where a tile stands below the log's prefix: `tile/0/x001/234`, `tile/entries/000.p/12`. */
export function tilePath({ level, index, width }: Tile): string {
  return `tile/${level}/${indexPath(index)}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

/**
 * The tile of a path without its `tile/`. Each tile has exactly one path, so that a cache keeps it once.
 *
 * @throws ProtocolError `malformed`
 */
export function parseTilePath(path: string): Tile {
  const [, level = '', index = '', width] = (path.length <= 64 ? PATH.exec(path) : null) ?? [];
  const tile: Tile = {
    level: level === 'entries' ? level : Number(level),
    index: Number(index.replace(/[x/]/g, '')),
    width: width === undefined ? TILE_WIDTH : Number(width),
  };
  check(tile.index <= MAX_INDEX && tile.width > 0 && tile.width <= TILE_WIDTH, 'this is no tile');
  check(tile.level === 'entries' || tile.level <= MAX_LEVEL, 'the tree is not that high');
  check(tilePath(tile) === `tile/${path}`, 'the path of the tile is not the one it has');
  return tile;
}

/**
 * The tiles that hold the nodes of one tile level from `start` to before `end`, in order, where the tree has `end` of
 * them: all full but the last.
 */
export function tilesOf(level: Tile['level'], start: number, end: number): Tile[] {
  const tiles: Tile[] = [];
  for (let index = Math.floor(start / TILE_WIDTH); index * TILE_WIDTH < end; index += 1) {
    tiles.push({ level, index, width: Math.min(TILE_WIDTH, end - index * TILE_WIDTH) });
  }
  return tiles;
}

/** Entries one after the other, each behind its length in two bytes, the higher first. */
export function formatEntryBundle(entries: readonly Uint8Array[]): Bytes {
  const parts = entries.flatMap((entry) => {
    if (entry.length > MAX_ENTRY_BYTES) throw new TypeError('an entry of a bundle has at most 65535 bytes');
    return [Uint8Array.of(entry.length >> 8, entry.length & 0xff), entry];
  });
  return concat(...parts);
}

/**
 * The entries of a bundle.
 *
 * @param width how many it has to hold
 * @throws ProtocolError `malformed`
 */
export function parseEntryBundle(bytes: Uint8Array, width: number): Bytes[] {
  const entries: Bytes[] = [];
  let at = 0;
  while (at < bytes.length) {
    const [high, low] = bytes.subarray(at, at + 2);
    const end = at + 2 + (high ?? 0) * 256 + (low ?? 0);
    if (low === undefined || end > bytes.length)
      throw new ProtocolError('malformed', 'the bundle is cut off');
    entries.push(new Uint8Array(bytes.subarray(at + 2, end)));
    at = end;
  }
  check(entries.length === width, 'the bundle does not hold as many entries as it should');
  return entries;
}

function indexPath(index: number): string {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g) ?? [];
  return groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/');
}
