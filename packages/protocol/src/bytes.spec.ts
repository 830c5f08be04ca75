import { expect, it } from 'vitest';
import { concat, equalBytes, fromUtf8, isWellFormed, utf8 } from './bytes.js';
import { refusal } from './testing/refusal.js';

it('tells equal bytes from others, from fewer and from more', () => {
  const bytes = Uint8Array.of(1, 0);
  expect(equalBytes(bytes, Uint8Array.of(1, 0))).toBe(true);
  for (const other of [[1, 1], [0, 0], [1], [1, 0, 0], []]) {
    expect(equalBytes(bytes, Uint8Array.from(other))).toBe(false);
    expect(equalBytes(Uint8Array.from(other), bytes)).toBe(false);
  }
});

it('joins bytes in their order', () => {
  expect(concat(Uint8Array.of(1), new Uint8Array(), Uint8Array.of(2, 3))).toEqual(Uint8Array.of(1, 2, 3));
});

it('finds half surrogate pairs', () => {
  expect(isWellFormed('a😀é')).toBe(true);
  for (const text of ['\ud83d', '\ude00', 'a\ude00\ud83d', '\ud83d\ud83d\ude00'])
    expect(isWellFormed(text)).toBe(false);
});

it('reads UTF-8, its byte order mark too, and nothing else', async () => {
  expect(fromUtf8(utf8('\ufeffé😀'))).toBe('\ufeffé😀');
  for (const bytes of [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf0, 0x9f, 0x98]]) {
    expect(await refusal(() => fromUtf8(Uint8Array.from(bytes)))).toBe('malformed');
  }
});
