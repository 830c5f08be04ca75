import { describe, expect, it } from 'vitest';
import type { KeyPurpose, KeyState } from '../server-key.entity.js';
import {
  isDue,
  isReadable,
  KEY_SET_MAX_AGE_SECONDS,
  ROTATING_PURPOSES,
  readableUntil,
  usableFrom,
  type KeyLife,
} from './key-life.js';

const at = (minutes: number): Date => new Date(Date.UTC(2026, 0, 1, 0, minutes));
const key = (
  state: KeyState,
  times: Partial<KeyLife> = {},
  purpose: KeyPurpose = 'access-token',
): KeyLife => ({
  purpose,
  state,
  createdAt: at(0),
  activatedAt: null,
  retiredAt: null,
  ...times,
});

describe('a retired key', () => {
  it('outlives every copy of the key set that names it first', () => {
    for (const purpose of ROTATING_PURPOSES) {
      const until = readableUntil(key('retired', { retiredAt: at(0) }, purpose))?.getTime() ?? 0;
      expect(until - at(0).getTime()).toBeGreaterThan(KEY_SET_MAX_AGE_SECONDS * 1000);
    }
  });

  it('counts until its time and not at it', () => {
    const retired = key('retired', { retiredAt: at(0) });
    expect(isReadable(retired, new Date(at(20).getTime() - 1))).toBe(true);
    expect(isReadable(retired, at(20))).toBe(false);
  });
});

it('a revoked key never counts; an active and a waiting one always do', () => {
  expect(isReadable(key('revoked', { retiredAt: at(0) }), at(0))).toBe(false);
  for (const state of ['active', 'next'] as const) expect(isReadable(key(state), at(1e9))).toBe(true);
});

describe('the waiting key', () => {
  it('may take over once nobody keeps a key set without it', () => {
    const from = usableFrom(key('next', { createdAt: at(100) }), key('active', { activatedAt: at(100) }));
    expect(from.getTime() - at(100).getTime()).toBeGreaterThan(KEY_SET_MAX_AGE_SECONDS * 1000);
  });

  it('may at once where it was published together with the active one', () => {
    expect(usableFrom(key('next'), key('active', { activatedAt: at(0) }))).toEqual(at(0));
  });
});

it('the schedule counts from when a key became active', () => {
  const active = key('active', { createdAt: at(0), activatedAt: at(60) });
  expect(isDue(active, 1, at(60 + 24 * 60 - 1))).toBe(false);
  expect(isDue(active, 1, at(60 + 24 * 60))).toBe(true);
});
