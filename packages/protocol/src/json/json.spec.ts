import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../bytes.js';
import { refusal } from '../testing/refusal.js';
import { canonicalize } from './canonicalize.js';
import type { JsonValue } from './json.js';
import { parseJsonObject } from './parse-json-object.js';

describe('parseJsonObject', () => {
  it('reads what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ maxDepth: 4 })), (value) => {
        const text = JSON.stringify(value);
        expect(parseJsonObject(utf8(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  it.each([
    ['a member twice', '{"a":1,"a":1}'],
    ['a member twice, once escaped', '{"a":1,"\\u0061":2}'],
    ['a member twice further in', '{"b":[{"a":1,"c":{},"a":2}]}'],
    ['__proto__ twice', '{"__proto__":1,"__proto__":2}'],
    ['half a surrogate pair', '{"a":"\\ud800"}'],
    ['half a surrogate pair as a name', '{"\\udfff":1}'],
    ['an array', '[]'],
    ['null', 'null'],
    ['a string', '"a"'],
    ['nothing', ''],
    ['something after it', '{} {}'],
    ['33 levels', `${'{"a":'.repeat(32)}{}${'}'.repeat(32)}`],
    ['a hundred thousand levels', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['a byte order mark', '\ufeff{}'],
  ])('refuses %s', async (_, text) => {
    expect(await refusal(() => parseJsonObject(utf8(text)))).toBe('malformed');
  });

  it('refuses text with half a surrogate pair, which UTF-8 cannot write', async () => {
    expect(await refusal(() => parseJsonObject('{"a":"\ud800"}'))).toBe('malformed');
    expect(await refusal(() => parseJsonObject('{"\udfff":1}'))).toBe('malformed');
  });

  it('takes equal names in different objects and names that only look equal', () => {
    expect(parseJsonObject('{"a":{"a":"a"},"b":["a","a:",{"a":"\\"a\\":"}],"\\"a":0}')).toEqual({
      a: { a: 'a' },
      b: ['a', 'a:', { a: '"a":' }],
      '"a': 0,
    });
  });

  it.each([[[0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]], [[0xed, 0xa0, 0x80]], [[0xc0, 0xaf]]])(
    'refuses bytes that are not UTF-8: %j',
    async (bytes) => {
      expect(await refusal(() => parseJsonObject(Uint8Array.from(bytes)))).toBe('malformed');
    },
  );
});

describe('canonicalize', () => {
  it('writes the example of RFC 8785 §3.2.3', () => {
    // The RFC's input, as JSON.
    const input = String.raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`;
    const sorted = canonicalize(parseJsonObject(input));
    expect(sorted).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('sorts members by UTF-16 code units, as RFC 8785 §3.2.3 shows', () => {
    const value = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u{1f600}': 5, '\u0080': 6, '\u00f6': 7 };
    expect(canonicalize(value)).toBe('{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}');
  });

  it('gives values that are equal the same text', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalize(value as JsonValue);
        expect(canonicalize(JSON.parse(text) as JsonValue)).toBe(text);
      }),
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, '\ud800', undefined, { a: undefined }])(
    'throws for %j, which is not JSON',
    (value) => {
      expect(() => canonicalize(value as JsonValue)).toThrow(TypeError);
    },
  );
});
