import { describe, expect, it } from 'vitest';
import { isDisplayName, normalizeDisplayName, presentableName } from './display-name.js';

describe('display names', () => {
  it.each([
    'Zoé',
    '李小龙',
    'x',
    '🦦',
    'O’Neill-García',
    'a'.repeat(64),
    '🦦'.repeat(64),
    'सीता',
    // Joiners where they are written: emoji of several, Persian, Hindi.
    'Ada 👩‍💻',
    '👨‍👩‍👧 🏳️‍🌈 👩🏽‍🚀 ❤️ 1️⃣ 🇫🇷',
    'علی\u200cرضا',
    'क्\u200dष',
  ])('may be %s', (name) => {
    expect(isDisplayName(normalizeDisplayName(name))).toBe(true);
  });

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
    // They look blank.
    '\u3164',
    '\u115f\u1160',
    '\uffa0',
    '\u2800',
    '\ufffc',
    '\u{1d159}',
    // Nobody sees them: the name would pass for that of somebody else.
    'a\u200bda',
    'a\u200dda',
    'a\u200cda',
    'ada\u2060',
    'a\ufeffda',
    'ada\u00ad',
    'ada\u034f',
    'ada\ufe0f',
    'ada\u{e0100}',
    'ada\u{e0061}\u{e007f}',
    '👩\u200d',
    '👩\u200d\u200d💻',
    'ada\ue000',
  ])('may not be %j', (name) => {
    expect(isDisplayName(normalizeDisplayName(name))).toBe(false);
  });

  it('are composed and without blanks around them', () => {
    expect(normalizeDisplayName('  Zoe\u0301 ')).toBe('Zo\u00e9');
  });

  it.each([
    ['  Evil\u202e\0 Name ', 'Evil Name'],
    [' Ada \t  Love\r\nlace', 'Ada Love lace'],
    ['\u200b', null],
    ['', null],
    ['🦦'.repeat(70), '🦦'.repeat(64)],
    [`${'a'.repeat(63)} b`, 'a'.repeat(63)],
  ])('of another service are made presentable: %j', (name, shown) => {
    expect(presentableName(name)).toBe(shown);
  });
});
