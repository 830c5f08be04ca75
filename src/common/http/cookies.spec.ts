import { describe, expect, it } from 'vitest';
import { cookieValues, parseCookies } from './cookies.js';

describe('parseCookies', () => {
  it('takes pairs apart at the first "=" and strips blanks and tabs around both halves', () => {
    expect(parseCookies('a=1;\tb = 2=3 ;c=')).toEqual([
      { name: 'a', value: '1' },
      { name: 'b', value: '2=3' },
      { name: 'c', value: '' },
    ]);
  });

  it('takes nothing nameless for a cookie', () => {
    expect(parseCookies('=jwt=x; lonely; ;')).toEqual([]);
    expect(parseCookies(undefined)).toEqual([]);
  });

  it.each(['\u00a0', '\u000b', '\u000c', '\ufeff', '\u2003'])(
    'leaves a name alone that begins or ends with %j',
    (blank) => {
      expect(cookieValues(`${blank}jwt=x; jwt${blank}=y`, 'jwt')).toEqual([]);
    },
  );
});
