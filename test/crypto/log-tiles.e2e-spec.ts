import {
  leafData,
  leafHash,
  nodeHash,
  parseEntryBundle,
  tilePath,
  tilesOf,
  type LogEntry,
} from '@sealgate/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { growLog } from './grow-log.js';
import { signUpWithKeys } from './key-holder.js';
import { LogReader } from './log-reader.js';

const SIZE = 600;

let server: TestApp;
let entries: LogEntry[];
beforeAll(async () => {
  server = await startTestApp();
  entries = await growLog(server, SIZE);
});
afterAll(() => server.close());

async function get(path: string): Promise<{ status: number; headers: Headers; bytes: Uint8Array }> {
  const response = await fetch(new URL(`/api/log/${path}`, server.baseUrl));
  return {
    status: response.status,
    headers: response.headers,
    bytes: new Uint8Array(await response.arrayBuffer()),
  };
}

/** RFC 6962 §2.1, word for word, over leaf hashes. */
async function mth(leaves: readonly Uint8Array[]): Promise<Uint8Array> {
  const [only] = leaves;
  if (only !== undefined && leaves.length === 1) return only;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return nodeHash(await mth(leaves.slice(0, k)), await mth(leaves.slice(k)));
}

const hashesOf = (bytes: Uint8Array) =>
  Array.from({ length: bytes.length / 32 }, (_, i) => bytes.subarray(32 * i, 32 * (i + 1)));

describe('the tiles of a log of 600 leaves', () => {
  it('hold every leaf, and the leaves hash to the head', async () => {
    const bundles = [];
    const leaves: Uint8Array[] = [];
    for (const tile of tilesOf('entries', 0, SIZE)) {
      const bundle = await get(tilePath(tile));
      expect(bundle.status).toBe(200);
      bundles.push(...parseEntryBundle(bundle.bytes, tile.width));
      const hashes = await get(tilePath({ ...tile, level: 0 }));
      expect(hashes.bytes).toHaveLength(32 * tile.width);
      leaves.push(...hashesOf(hashes.bytes));
    }
    expect(bundles.map((bytes) => Buffer.from(bytes).toString())).toEqual(
      entries.map((entry) => Buffer.from(leafData(entry)).toString()),
    );
    expect(leaves).toEqual(await Promise.all(bundles.map(leafHash)));
    const head = await new LogReader(server.browser()).head();
    expect(head.size).toBe(SIZE);
    expect(Buffer.from(await mth(leaves)).equals(head.root)).toBe(true);
    // Level 1 has the two full tiles below it, and not the partial one.
    const [above, ...rest] = tilesOf(1, 0, Math.floor(SIZE / 256));
    expect(rest).toEqual([]);
    expect(above?.width).toBe(2);
    const { bytes } = await get('tile/1/000.p/2');
    expect(hashesOf(bytes)).toEqual([await mth(leaves.slice(0, 256)), await mth(leaves.slice(256, 512))]);
  });

  it('are bytes, for ever where they are full and for a minute where they are not', async () => {
    for (const path of ['tile/0/001', 'tile/entries/001']) {
      const { status, headers } = await get(path);
      expect(status).toBe(200);
      expect(headers.get('content-type')).toBe('application/octet-stream');
      expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    }
    for (const path of [
      'tile/0/002.p/88',
      'tile/entries/002.p/88',
      'tile/entries/002.p/1',
      'tile/0/000.p/7',
    ]) {
      const { status, headers } = await get(path);
      expect(status).toBe(200);
      expect(headers.get('content-type')).toBe('application/octet-stream');
      expect(headers.get('cache-control')).toBe('public, max-age=60');
    }
  });

  it.each([
    'tile/0/002', 'tile/0/002.p/89', 'tile/entries/002', 'tile/entries/002.p/89', 'tile/0/003.p/1', 'tile/1/000',
    'tile/1/000.p/3', 'tile/2/000.p/1', 'tile/63/000', 'tile/64/000', 'tile/0/x000/001', 'tile/0/1', 'tile/0/0001',
    'tile/0/000.p/0', 'tile/0/000.p/256', 'tile/0/000.p/08', 'tile/00/000', 'tile/-1/000', 'tile/data/000',
    'tile/0/x001/234', 'tile/0/x001/x234/067', 'tile/0/x001/x234/067.p/3', 'tile/0/x999/x999/999',
    'tile/0/x001/x001/x001/001', 'tile/0/000.p', 'tile/0', 'tile/0/..%2f000',
  ])('are not there as %s', async (path) => {
    const { status, headers } = await get(path);
    expect(status).toBe(404);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  }); // prettier-ignore

  it('grow with the next registration, and the old ones stay as they were', async () => {
    const before = await get('tile/entries/002.p/88');
    const full = await get('tile/0/000');
    await signUpWithKeys(server);
    expect((await get('tile/entries/002.p/88')).bytes).toEqual(before.bytes);
    expect((await get('tile/0/000')).bytes).toEqual(full.bytes);
    const after = await get('tile/entries/002.p/89');
    expect(after.bytes.subarray(0, before.bytes.length)).toEqual(before.bytes);
  });
});
