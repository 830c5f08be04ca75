import { describe, expect, it } from 'vitest';
import {
  hashRecoveryCode,
  newRecoveryCodes,
  parseRecoveryCode,
  type RecoveryCode,
} from './recovery-codes.js';

describe('recovery codes', () => {
  it('are ten different ones of 80 bits', () => {
    const codes = newRecoveryCodes();
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
  });

  it('are read as people type them', () => {
    expect(parseRecoveryCode(' 01ab-cdef ghjk mnpq ')).toBe('01AB-CDEF-GHJK-MNPQ');
    expect(parseRecoveryCode('oiab-cdef-ghjk-mnpq')).toBe('01AB-CDEF-GHJK-MNPQ');
    expect(parseRecoveryCode('01AB-CDEF-GHJK')).toBeNull();
    expect(parseRecoveryCode('U1AB-CDEF-GHJK-MNPQ')).toBeNull();
  });

  it('hash differently for each account and key', () => {
    const code = '01AB-CDEF-GHJK-MNPQ' as RecoveryCode;
    const hashes = [['a', 'k'], ['b', 'k'], ['a', 'l']].map(([user, key]) =>
      hashRecoveryCode(code, String(user), Buffer.from(String(key))).toString('hex'),
    ); // prettier-ignore
    expect(new Set(hashes).size).toBe(3);
  });
});
