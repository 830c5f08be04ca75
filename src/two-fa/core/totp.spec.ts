import { describe, expect, it } from 'vitest';
import { matchingTimeStep, newTotpSecret, otpauthUrl, type TotpSecret } from './totp.js';

/** ASCII "12345678901234567890" in base32, the secret of RFC 6238 appendix B for SHA-1. */
const RFC_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' as TotpSecret;
/** Appendix B gives 8 digits; 6 digits are the same number modulo 10^6 (RFC 4226 §5.3). */
const APPENDIX_B: [epochSeconds: number, totp: string][] = [
  [59, '94287082'],
  [1111111109, '07081804'],
  [1111111111, '14050471'],
  [1234567890, '89005924'],
  [2000000000, '69279037'],
  [20000000000, '65353130'],
];

describe('TOTP', () => {
  it.each(APPENDIX_B)('matches RFC 6238 appendix B at %i', (epochSeconds, totp) => {
    expect(matchingTimeStep(RFC_SECRET, totp.slice(2), epochSeconds)).toBe(Math.floor(epochSeconds / 30));
  });

  it('accepts the step before, not the one before that and none of the future', () => {
    const code = '287082';
    expect(matchingTimeStep(RFC_SECRET, code, 59 + 30)).toBe(1);
    expect(matchingTimeStep(RFC_SECRET, code, 89)).toBe(1);
    expect(matchingTimeStep(RFC_SECRET, code, 90)).toBeNull();
    expect(matchingTimeStep(RFC_SECRET, code, 29)).toBeNull();
  });

  it('makes different secrets of 160 bits', () => {
    const secrets = new Set(Array.from({ length: 50 }, newTotpSecret));
    expect(secrets.size).toBe(50);
    for (const secret of secrets) expect(secret).toMatch(/^[A-Z2-7]{32}$/);
  });

  it('escapes what would change the otpauth URL', () => {
    const url = new URL(otpauthUrl(RFC_SECRET, 'Sealgate', 'a&secret=AAAA?#:b'));
    expect(url.searchParams.getAll('secret')).toEqual([RFC_SECRET]);
    expect(url.searchParams.get('issuer')).toBe('Sealgate');
    expect(url.hash).toBe('');
  });
});
