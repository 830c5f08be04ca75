import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeBase64url, encodeBase64url, isBase64url } from './base64url.js';
import { refusal } from './testing/refusal.js';

it('reads back what it wrote', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(decodeBase64url(encodeBase64url(bytes))).toEqual(bytes);
    }),
  );
});

it('takes exactly one text for any bytes', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'AQgw_-B9'), maxLength: 6 }), (text) => {
      if (isBase64url(text)) expect(encodeBase64url(decodeBase64url(text))).toBe(text);
    }),
  );
});

it.each(['QQ==', 'QQ=', 'Q', 'QQ ', ' QQ', 'Q Q', 'QQ\n', 'QR', 'QUF', 'QUJ', 'Q+Q', 'Q/Q', 'Qé', 'AAAAA'])(
  'refuses %j, which jose takes or another reader might take',
  async (text) => {
    expect(await refusal(() => decodeBase64url(text))).toBe('malformed');
  },
);
