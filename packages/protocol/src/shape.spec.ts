import { describe, expect, it } from 'vitest';
import { exactObject, integerOf, timeOf, uuidOf } from './shape.js';
import { refusal } from './testing/refusal.js';

describe('timeOf', () => {
  it.each(['2026-02-28T23:59:59Z', '2024-02-29T00:00:00.123+05:30', '0001-01-01T00:00:00-00:00'])(
    'takes %s',
    (time) => {
      expect(timeOf(time, 'it')).toBe(time);
    },
  );

  it.each([
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '2026-01-01T00:00:60Z',
    '2026-01-01T00:00:00',
    '2026-01-01t00:00:00z',
    '2026-01-01 00:00:00Z',
    '2026-01-01T00:00:00+24:00',
    '2026-01-01T00:00:00.Z',
    '2026-01-01T00:00:00Z\n',
    1,
    null,
  ])('refuses %j', async (time) => {
    expect(await refusal(() => timeOf(time, 'it'))).toBe('malformed');
  });
});

it('takes ids only in lower case', async () => {
  const id = '0b4b1dcb-3b2a-4d1c-9a57-0d8a3e3c8f10';
  expect(uuidOf(id, 'id')).toBe(id);
  for (const other of [id.toUpperCase(), `{${id}}`, `${id}\n`, id.replaceAll('-', '')]) {
    expect(await refusal(() => uuidOf(other, 'id'))).toBe('malformed');
  }
});

it('takes objects with the members that they must have, and no others', async () => {
  expect(exactObject({ a: 1 }, 'it', ['a'], ['b'])).toEqual({ a: 1 });
  expect(exactObject({ a: 1, b: 2 }, 'it', ['a'], ['b'])).toEqual({ a: 1, b: 2 });
  const inherited: unknown = Object.create({ a: 1 });
  for (const other of [
    {},
    { b: 1 },
    { a: 1, c: 1 },
    inherited,
    JSON.parse('{"a":1,"__proto__":2}'),
    [],
    null,
    'a',
  ]) {
    expect(await refusal(() => exactObject(other, 'it', ['a'], ['b']))).toBe('malformed');
  }
});

it('takes whole numbers in range', async () => {
  expect(integerOf(1, 'it', 1, 1)).toBe(1);
  for (const other of [0, 2, 1.5, '1', null, Number.NaN, 2 ** 53]) {
    expect(await refusal(() => integerOf(other, 'it', 1, 1))).toBe('malformed');
  }
});
