import { describe, expect, it } from 'vitest';
import { isDisplayName, normalizeDisplayName, presentableName } from './display-name.js';

describe('display names', () => {
  it.each(['Zoé', '李小龙', 'x', '🦦', 'O’Neill-García', 'a'.repeat(64), '🦦'.repeat(64), 'सीता'])(
    'may be %s',
    (name) => {
      expect(isDisplayName(normalizeDisplayName(name))).toBe(true);
    },
  );

  it.each([
    '',
    '   ',
    '\u200b',
    '\u00ad\u2060',
    'a\nb',
    'a\0',
    'a\u202eb',
    'a\u2066b',
    'a\ud800',
    'a\u2028b',
    'a'.repeat(65),
  ])('may not be %j', (name) => {
    expect(isDisplayName(normalizeDisplayName(name))).toBe(false);
  });

  it('are composed and without blanks around them', () => {
    expect(normalizeDisplayName('  Zoe\u0301 ')).toBe('Zo\u00e9');
  });

  it.each([
    ['  Evil\u202e\0 Name ', 'Evil Name'],
    ['\u200b', 'fallback'],
    [undefined, 'fallback'],
    ['🦦'.repeat(70), '🦦'.repeat(64)],
    [`${'a'.repeat(63)} b`, 'a'.repeat(63)],
  ])('of another service are made presentable: %j', (name, shown) => {
    expect(presentableName(name, 'fallback')).toBe(shown);
  });
});
