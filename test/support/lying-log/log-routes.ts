import {
  formatEntryBundle,
  leafData,
  type LogEntry,
  parseTilePath,
  TILE_HEIGHT,
  TILE_WIDTH,
} from '@sealgate/protocol';
import type { ForgedTree } from './forged-tree.js';

/** What a log server answers a request with. */
export interface Shown {
  readonly status: number;
  readonly type: string;
  readonly body: string | Uint8Array;
}

/** A log as it is shown: the tree, its signed head, the key, and how entries are handed out. */
export interface ShownLog {
  readonly tree: ForgedTree;
  readonly checkpoint: string;
  readonly key: string;
  /** What is shown of the entries from `start` on. */
  readonly handOut: (entries: readonly LogEntry[], start: number) => readonly LogEntry[];
}

const TEXT = 'text/plain; charset=utf-8';
const JSON_TYPE = 'application/json; charset=utf-8';

/** `GET /api/log/…` for a log that is not the server's own; what it has no answer for is refused as a server would. */
export function answerFromLog(url: URL, log: ShownLog): Shown {
  try {
    return answer(url, log);
  } catch {
    return problem(400, 'out_of_range');
  }
}

function answer(url: URL, { tree, checkpoint, key, handOut }: ShownLog): Shown {
  const path = url.pathname.slice('/api/log/'.length);
  const number = (name: string): number => Number(url.searchParams.get(name));
  if (path === 'key') return { status: 200, type: TEXT, body: key };
  if (path === 'checkpoint') return { status: 200, type: TEXT, body: checkpoint };
  if (path === 'proof/inclusion') {
    const [index, size] = [number('index'), number('size')];
    return json({ index, size, hashes: base64(tree.inclusion(index, size)) });
  }
  if (path === 'proof/consistency') {
    const [from, to] = [number('from'), number('to')];
    return json({ from, to, hashes: base64(tree.consistency(from, to)) });
  }
  if (path === 'entries') {
    const [start, end] = [number('start'), number('end')];
    if (end > tree.size) return problem(400, 'out_of_range');
    return json({ entries: handOut(tree.entries.slice(start, end), start) });
  }
  return path.startsWith('tile/')
    ? tile(path.slice('tile/'.length), tree, handOut)
    : problem(404, 'not_found');
}

function tile(path: string, tree: ForgedTree, handOut: ShownLog['handOut']): Shown {
  const { level, index, width } = parseTilePath(path);
  const [start, end] = [index * TILE_WIDTH, index * TILE_WIDTH + width];
  const type = 'application/octet-stream';
  if (level !== 'entries')
    return { status: 200, type, body: Buffer.concat(tree.level(level * TILE_HEIGHT, start, end)) };
  if (end > tree.size) return problem(404, 'not_found');
  const entries = handOut(tree.entries.slice(start, end), start);
  return { status: 200, type, body: formatEntryBundle(entries.map(leafData)) };
}

function json(body: object): Shown {
  return { status: 200, type: JSON_TYPE, body: JSON.stringify(body) };
}

function problem(status: number, code: string): Shown {
  const body = { type: 'about:blank', title: code, status, code, instance: 'urn:uuid:lie' };
  return { status, type: 'application/problem+json', body: JSON.stringify(body) };
}

export function base64(hashes: readonly Buffer[]): string[] {
  return hashes.map((hash) => hash.toString('base64'));
}
