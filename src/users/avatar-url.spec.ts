import { describe, expect, it } from 'vitest';
import { parseAvatarUrl } from './avatar-url.js';

describe('parseAvatarUrl', () => {
  it.each([
    ['https://cdn.intra.42.fr/users/1/ada.jpg', 'https://cdn.intra.42.fr/users/1/ada.jpg'],
    ['https://cdn.intra.42.fr/a/../b.jpg?x=%20#y', 'https://cdn.intra.42.fr/b.jpg?x=%20#y'],
    [`https://cdn.intra.42.fr/${'a'.repeat(488)}`, `https://cdn.intra.42.fr/${'a'.repeat(488)}`],
  ])('keeps %s', (url, kept) => {
    expect(parseAvatarUrl(url)).toBe(kept);
  });

  it.each([
    '',
    'https://cdn.intra.42.fr',
    'http://cdn.intra.42.fr/a',
    'HTTPS://cdn.intra.42.fr/a',
    'https://CDN.intra.42.fr/a',
    'https://cdn.intra.42.fr:8443/a',
    'https://cdn.intra.42.fr:443/a',
    'https://ada@cdn.intra.42.fr/a',
    'https://cdn.intra.42.fr@evil.example/a',
    'https://cdn.intra.42.fr.evil.example/a',
    'https://cdn.intra.42.fr\\@evil.example/a',
    'https://cdn%2eintra.42.fr/a',
    'https:cdn.intra.42.fr/a',
    'https:///cdn.intra.42.fr/a',
    'https://cdn.intra.42.fr/a b',
    'https://cdn.intra.42.fr/\u0000',
    'https://cdn.intra.42.fr/\n',
    'https://cdn.intra.42.fr/\u202egpj.exe',
    'https://cdn.intra.42.fr/\ud800',
    'https://cdn.intra.42.fr/é',
    `https://cdn.intra.42.fr/${'a'.repeat(489)}`,
    // 1 becomes 3 characters.
    `https://cdn.intra.42.fr/${'"'.repeat(200)}`,
  ])('refuses %j', (url) => {
    expect(parseAvatarUrl(url)).toBe(null);
  });
});
