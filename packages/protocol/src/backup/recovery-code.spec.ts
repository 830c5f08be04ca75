import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { refusal } from '../testing/refusal.js';
import { formatRecoveryCode, generateRecoveryCode, parseRecoveryCode } from './recovery-code.js';

vi.setConfig({ testTimeout: 60_000 });

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const random = fc.uint8Array({ minLength: 22, maxLength: 22 });

describe('a recovery code', () => {
  it('is read as it is shown, and as people type it', () => {
    fc.assert(
      fc.property(random, (bytes) => {
        const code = generateRecoveryCode(bytes);
        const shown = formatRecoveryCode(code);
        expect(shown).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}$/);
        const typed = ` ${shown.toLowerCase().replaceAll('-', ' ').replaceAll('1', 'l').replaceAll('0', 'o')} `;
        for (const text of [code, shown, typed]) expect(parseRecoveryCode(text)).toBe(code);
      }),
    );
  });

  it('is this one for these bytes', () => {
    expect(generateRecoveryCode(Uint8Array.from({ length: 22 }, (_, i) => i * 11))).toBe(
      '0BP1CQ2DR3ES4FT5GV6HW7H2',
    );
  });

  it('is another one each time', () => {
    expect(generateRecoveryCode()).not.toBe(generateRecoveryCode());
    expect(() => generateRecoveryCode(new Uint8Array(21))).toThrow(TypeError);
  });

  it('shows every single wrong character and every pair of characters that changed places', async () => {
    const code = generateRecoveryCode();
    for (let at = 0; at < 24; at += 1) {
      for (const letter of ALPHABET.replace(code.charAt(at), '')) {
        expect(await refusal(() => parseRecoveryCode(code.slice(0, at) + letter + code.slice(at + 1)))).toBe(
          'mistyped-code',
        );
      }
      for (let to = at + 1; to < 24; to += 1) {
        const letters = Array.from<string>(code);
        [letters[at], letters[to]] = [code.charAt(to), code.charAt(at)];
        if (letters.join('') === code) continue;
        expect(await refusal(() => parseRecoveryCode(letters.join('')))).toBe('mistyped-code');
      }
    }
  });

  it('shows any two wrong characters', async () => {
    const place = fc.nat(23);
    const letter = fc.constantFrom(...ALPHABET);
    await fc.assert(
      fc.asyncProperty(random, place, letter, place, letter, async (bytes, a, first, b, second) => {
        const code = generateRecoveryCode(bytes);
        const letters = Array.from<string>(code);
        [letters[a], letters[b]] = [first, second];
        const typed = letters.join('');
        expect(await refusal(() => parseRecoveryCode(typed))).toBe(
          typed === code ? undefined : 'mistyped-code',
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('is refused when too short, too long, or with foreign characters', async () => {
    const code = generateRecoveryCode();
    for (const typed of [
      '',
      code.slice(1),
      `${code}0`,
      `0${code}`,
      code.replace(/.$/, 'U'),
      code.replace(/.$/, 'é'),
      'a'.repeat(1e6),
    ]) {
      expect(await refusal(() => parseRecoveryCode(typed))).toBe('mistyped-code');
    }
  });
});
