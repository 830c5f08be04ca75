import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../bytes.js';
import { refusal } from '../testing/refusal.js';
import { leafData, parseLeafData } from './log-entry.js';
import { formatEntryBundle, parseEntryBundle, parseTilePath, type Tile, tilePath, tilesOf } from './tile.js';

describe('the path of a tile', () => {
  it('has the index in groups of three digits, as the specification writes it', () => {
    // The example of C2SP tlog-tiles, "Merkle Tree".
    expect(tilePath({ level: 0, index: 1_234_067, width: 256 })).toBe('tile/0/x001/x234/067');
    expect(tilePath({ level: 'entries', index: 0, width: 12 })).toBe('tile/entries/000.p/12');
  });

  it('is read back, whatever the tile', () => {
    const tiles: fc.Arbitrary<Tile> = fc.record({
      level: fc.oneof(fc.nat(63), fc.constant('entries' as const)),
      index: fc.maxSafeNat().map((n) => Math.floor(n / 256)),
      width: fc.integer({ min: 1, max: 256 }),
    });
    fc.assert(
      fc.property(tiles, (tile) => {
        expect(parseTilePath(tilePath(tile).slice('tile/'.length))).toEqual(tile);
      }),
    );
  });

  it.each([
    '', '0', '0/', '0/0', '0/00', '0/0000', '0/1234067', '0/x001', '0/x000/123', '0/001/234', '0/x1/234', '00/000',
    '-1/000', '64/000', '100/000', 'data/000', 'Entries/000', '0/000.p/0', '0/000.p/256', '0/000.p/07', '0/000.p/',
    '0/000.p', '0/000.p/1/', '0/000/', '/0/000', '0/000 ', '0/٠٠٠', '0/0x0', '0/x999/x999/x999/x999/999',
    `0/${'x000/'.repeat(50)}000`,
  ])('is refused as %j', async (path) => {
    expect(await refusal(() => parseTilePath(path))).toBe('malformed');
  }); // prettier-ignore
});

it('cuts a tree into the tiles of the specification’s example', () => {
  // "A tree of size 70,000": 273 full tiles and one of 112, one full and one of 17, one of 1.
  const sizes = [0, 1, 2].map((level) => tilesOf(level, 0, Math.floor(70_000 / 256 ** level)));
  expect(sizes.map((tiles) => tiles.length)).toEqual([274, 2, 1]);
  expect(sizes.map((tiles) => tiles.at(-1)?.width)).toEqual([112, 17, 1]);
  expect(sizes.flat().filter(({ width }) => width === 256)).toHaveLength(274);
  expect(tilesOf(0, 0, 256)).toEqual([{ level: 0, index: 0, width: 256 }]);
  expect(tilesOf(0, 300, 513).map(({ index, width }) => [index, width])).toEqual([
    [1, 256],
    [2, 1],
  ]);
  expect(tilesOf(0, 0, 0)).toEqual([]);
});

describe('an entry bundle', () => {
  it('holds entries behind their lengths', () => {
    const bundle = formatEntryBundle([utf8('ab'), utf8(''), new Uint8Array(258).fill(7)]);
    expect([...bundle.subarray(0, 8)]).toEqual([0, 2, 97, 98, 0, 0, 1, 2]);
    expect(parseEntryBundle(bundle, 3).map(({ length }) => length)).toEqual([2, 0, 258]);
    expect(() => formatEntryBundle([new Uint8Array(65_536)])).toThrow(TypeError);
  });

  it('is refused where it is cut off, or holds more or fewer than it should', async () => {
    const bundle = formatEntryBundle([utf8('ab'), utf8('cd')]);
    for (const [bytes, width] of [
      [bundle.subarray(0, -1), 2],
      [bundle.subarray(0, 5), 2],
      [bundle.subarray(0, 4), 2],
      [bundle, 1],
      [bundle, 3],
    ] as const)
      expect(await refusal(() => parseEntryBundle(bytes, width))).toBe('malformed');
  });
});

it('reads a leaf in its canonical form only', async () => {
  const entry = { v: 1, user: '0b4b1dcb-3b2a-4d1c-9a57-0d8a3e3c8f10', version: 3, statement: 'A'.repeat(43) };
  const data = leafData({ ...entry, v: 1 });
  expect(parseLeafData(data)).toEqual(entry);
  const text = new TextDecoder().decode(data);
  for (const bad of [
    JSON.stringify(entry),
    ` ${text}`,
    `${text}\n`,
    text.replace('"version":3', '"version":3.0'),
    text.replace('{', '{"v":1,'),
    '[]',
    '',
  ])
    expect(await refusal(() => parseLeafData(utf8(bad)))).toBe('malformed');
});
