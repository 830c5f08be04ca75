import { expect, it } from 'vitest';
import { newMessageId } from './new-message-id.js';

it('is the example of RFC 9562 A.6', () => {
  const random = Uint8Array.from([
    0, 0, 0, 0, 0, 0, 0x7c, 0xc3, 0x98, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f,
  ]);
  expect(newMessageId(0x017f22e279b0, random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
});

it('sorts by time', () => {
  expect(newMessageId(2000) > newMessageId(1000)).toBe(true);
});
