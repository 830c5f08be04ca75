import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeReturnTo } from './return-to.js';

describe('safeReturnTo', () => {
  it.each([
    ['/', '/'],
    ['/chats/1?tab=a&b=%2F#top', '/chats/1?tab=a&b=%2F#top'],
    ['/a/../b', '/b'],
    ['/?next=https://evil.example/', '/?next=https://evil.example/'],
    [`/${'x'.repeat(511)}`, `/${'x'.repeat(511)}`],
  ])('takes %j', (value, expected) => {
    expect(safeReturnTo(value)).toBe(expected);
  });

  it.each([
    'https://evil.example/',
    '//evil.example/',
    '///evil.example/',
    '/\\evil.example/',
    '\\\\evil.example/',
    '/\t/evil.example/',
    '/\n/evil.example/',
    '/..//evil.example/',
    '/.//evil.example/',
    '/a\r\nset-cookie: x=y',
    ' /a',
    'chats',
    'javascript:alert(1)',
    '/é',
    '',
    `/${'x'.repeat(512)}`,
    null,
    undefined,
    7,
    ['/a'],
  ])('refuses %j', (value) => {
    expect(safeReturnTo(value)).toBeNull();
  });

  it('never leads to another site', () => {
    const piece = fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      '@',
      ':',
      'evil.example',
      'https:',
      '%2f',
      '\t',
      '?',
      '#',
      'a',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const path = safeReturnTo(`/${pieces.join('')}`);
        if (path === null) return;
        expect(new URL(path, 'https://site.example/sign-in').origin).toBe('https://site.example');
        expect(path).toMatch(/^\/(?!\/)/);
      }),
      { numRuns: 2000 },
    );
  });
});
