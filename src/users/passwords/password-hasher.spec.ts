import 'reflect-metadata';
import bcrypt from 'bcrypt';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../../config/load-config.js';
import { PasswordHasher, type HashedPassword } from './password-hasher.js';

const SECRETS = {
  MASTER_KEY: 'm'.repeat(32),
  JWT_REFRESH_SECRET: 'r'.repeat(32),
  PASSWORD_PEPPER: 'p'.repeat(32),
  DATABASE_URL: 'postgres://localhost/unused',
};

const LANE = 'lane';

function hasher(environment: Record<string, string> = {}): PasswordHasher {
  return new PasswordHasher(loadConfig({ ...SECRETS, BCRYPT_COST: '4', ...environment }));
}

/** What bcrypt is made to do, as the sum of 2^cost over all of its runs. */
function countWork(): () => number {
  const compare = vi.spyOn(bcrypt, 'compare');
  return () => compare.mock.calls.reduce((sum, [, hash]) => sum + 2 ** bcrypt.getRounds(hash), 0);
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('PasswordHasher', () => {
  it('accepts the right password and no other', async () => {
    const stored = await hasher().hash('lantern gravel otter', LANE);
    expect(stored.scheme).toBe('bcrypt-hmac-sha256-v1:4');
    expect(stored.hash).toMatch(/^\$2b\$04\$/);
    expect(await hasher().verify('lantern gravel otter', stored, LANE)).toEqual({
      ok: true,
      needsRehash: false,
    });
    expect(await hasher().verify('lantern gravel Otter', stored, LANE)).toEqual({
      ok: false,
      needsRehash: false,
    });
  });

  it('tells passwords apart that differ behind the 72nd byte or behind a NUL', async () => {
    const long = await hasher().hash(`${'a'.repeat(100)}B`, LANE);
    expect((await hasher().verify(`${'a'.repeat(100)}C`, long, LANE)).ok).toBe(false);
    const nul = await hasher().hash('lantern\0gravel', LANE);
    expect((await hasher().verify('lantern\0otter!', nul, LANE)).ok).toBe(false);
  });

  it('takes composed and decomposed spellings for the same password', async () => {
    const stored = await hasher().hash('caf\u00e9 lantern otter', LANE);
    expect((await hasher().verify('cafe\u0301 lantern otter', stored, LANE)).ok).toBe(true);
  });

  it('accepts nothing under another pepper', async () => {
    const stored = await hasher().hash('lantern gravel otter', LANE);
    const other = hasher({ PASSWORD_PEPPER: 'q'.repeat(32) });
    expect((await other.verify('lantern gravel otter', stored, LANE)).ok).toBe(false);
  });

  it('asks for a new hash when the cost has changed, after the right password only', async () => {
    const stored = await hasher({ BCRYPT_COST: '5' }).hash('lantern gravel otter', LANE);
    expect(await hasher().verify('lantern gravel otter', stored, LANE)).toEqual({
      ok: true,
      needsRehash: true,
    });
    expect(await hasher().verify('wrong', stored, LANE)).toEqual({ ok: false, needsRehash: false });
  });

  it.each<[string, HashedPassword | null | 'old' | 'today']>([
    ['an unknown user', null],
    ['an unknown scheme', { scheme: 'md5', hash: 'x' as HashedPassword['hash'] }],
    ['a hash of today', 'today'],
    ['a hash of a lower cost', 'old'],
  ])('does the same work for %s', async (_, kind) => {
    const today = hasher({ BCRYPT_COST: '8' });
    const old = hasher({ BCRYPT_COST: '5' });
    const stored =
      kind === 'old'
        ? await old.hash('right', LANE)
        : kind === 'today'
          ? await today.hash('right', LANE)
          : kind;
    const work = countWork();
    expect((await today.verify('wrong', stored, LANE)).ok).toBe(false);
    expect(work()).toBe(2 ** 8);
  });

  it('spends on an unknown user the time that it spends on a known one', async () => {
    const subject = hasher({ BCRYPT_COST: '9' });
    const stored = await subject.hash('lantern gravel otter', LANE);
    const fastest = { known: Infinity, unknown: Infinity };
    for (let i = 0; i < 10; i++) {
      for (const [name, value] of [
        ['known', stored],
        ['unknown', null],
      ] as const) {
        const began = performance.now();
        await subject.verify('wrong', value, LANE);
        fastest[name] = Math.min(fastest[name], performance.now() - began);
      }
    }
    expect(fastest.unknown / fastest.known).toBeGreaterThan(0.8);
    expect(fastest.unknown / fastest.known).toBeLessThan(1.25);
  });
});
