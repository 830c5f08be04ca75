import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FortyTwoError } from './fortytwo.errors.js';
import { parseProfile } from './profile.js';

const ada = {
  id: 98214,
  login: 'alovelac',
  email: 'alovelac@student.42.example',
  usual_full_name: 'Ada Lovelace',
  displayname: 'Augusta Ada King',
  image: { link: 'https://cdn.intra.42.fr/users/1/alovelac.jpg' },
};

describe('parseProfile', () => {
  it('takes over id, login, e-mail, name and picture', () => {
    expect(parseProfile(ada)).toEqual({
      fortytwoId: 98214,
      login: 'alovelac',
      email: 'alovelac@student.42.example',
      displayName: 'Ada Lovelace',
      avatarUrl: 'https://cdn.intra.42.fr/users/1/alovelac.jpg',
    });
  });

  it.each([null, undefined, 'text', 42, true, [], [ada], {}])(
    'throws provider_error for the body %j',
    (body) => {
      expect(() => parseProfile(body)).toThrow(expect.objectContaining({ code: 'provider_error' }));
    },
  );

  it.each([undefined, null, '98214', 0, -1, 1.5, 2 ** 53, NaN, Infinity, [98214], { id: 1 }, true])(
    'throws provider_error for the id %j',
    (id) => {
      expect(() => parseProfile({ ...ada, id })).toThrow(expect.objectContaining({ code: 'provider_error' }));
    },
  );

  it('takes the largest safe id', () => {
    expect(parseProfile({ ...ada, id: Number.MAX_SAFE_INTEGER }).fortytwoId).toBe(9007199254740991);
  });

  it.each([
    ['ALovelac', 'alovelac'],
    ['a.b-c_9', 'a.b-c_9'],
    ['x'.repeat(64), 'x'.repeat(64)],
    ['x'.repeat(65), null],
    ['', null],
    ['ada lovelace', null],
    ['<b>ad\u202Emin</b>', null],
    ['ádmin', null],
    ['admin\n', null],
    [null, null],
    [undefined, null],
    [7, null],
    [['ada'], null],
  ])('reads the login %j as %j', (login, expected) => {
    expect(parseProfile({ ...ada, login }).login).toBe(expected);
  });

  it.each([
    ['Ada@Student.42.Example', 'ada@student.42.example'],
    ['not an address <@>', null],
    ['ada@localhost', null],
    ['"a b"@42.example', null],
    ['ada@\u212aelvin.example', null],
    ['\ud800@42.example', null],
    ['ada@42.example\r\nbcc: x@42.example', null],
    [`${'x'.repeat(250)}@42.example`, null],
    [`${'x'.repeat(60)}@${'y'.repeat(60)}.${'y'.repeat(60)}.${'y'.repeat(60)}.${'y'.repeat(20)}.fr`, null],
    ['', null],
    [null, null],
    [undefined, null],
    [{ address: 'ada@42.example' }, null],
  ])('reads the e-mail %j as %j', (email, expected) => {
    expect(parseProfile({ ...ada, email }).email).toBe(expected);
  });

  it.each([
    ['  Ada \t  Lovelace ', 'Ada Lovelace'],
    ['Ada\u202E\u0000Lovelace', 'Ada Lovelace'],
    ['Zoe\u0308', 'Zo\u00EB'],
    ['é'.repeat(65), 'é'.repeat(64)],
    ['😀'.repeat(65), '😀'.repeat(64)],
    ['\u200B', 'Augusta Ada King'],
    [null, 'Augusta Ada King'],
    [42, 'Augusta Ada King'],
  ])('reads the name %j as %j', (usual_full_name, expected) => {
    expect(parseProfile({ ...ada, usual_full_name }).displayName).toBe(expected);
  });

  it('has no name without either name', () => {
    expect(parseProfile({ ...ada, usual_full_name: null, displayname: '' }).displayName).toBeNull();
  });

  it.each([
    ['https://cdn.intra.42.fr/a%20b.jpg', 'https://cdn.intra.42.fr/a%20b.jpg'],
    ['https://cdn.intra.42.fr/a b.jpg', null],
    ['https://evil.example/a.jpg', null],
    ['https://cdn.intra.42.fr:444/a.jpg', null],
    ['http://cdn.intra.42.fr/a.jpg', null],
    ['javascript:alert(1)', null],
    ['data:image/png;base64,AA==', null],
    ['//cdn.intra.42.fr/a.jpg', null],
    ['https://ada:secret@cdn.intra.42.fr/a.jpg', null],
    ['https://', null],
    [`https://cdn.intra.42.fr/${'x'.repeat(2048)}`, null],
    [`https://cdn.intra.42.fr/${' '.repeat(1000)}x`, null],
    [null, null],
    [undefined, null],
    [{}, null],
  ])('reads the image link %j as %j', (link, expected) => {
    expect(parseProfile({ ...ada, image: { link } }).avatarUrl).toBe(expected);
  });

  it.each([null, undefined, 'https://cdn.intra.42.fr/a.jpg', [], 7])(
    'has no picture for the image %j',
    (image) => {
      expect(parseProfile({ ...ada, image }).avatarUrl).toBeNull();
    },
  );

  it('gives a clean profile or a FortyTwoError for any JSON at all', () => {
    const members = {
      id: fc.jsonValue(),
      login: fc.jsonValue(),
      email: fc.jsonValue(),
      image: fc.jsonValue(),
    };
    const body = fc.oneof(
      fc.jsonValue(),
      fc.record(members, { requiredKeys: [] }),
      fc.record({ id: fc.nat() }),
    );
    fc.assert(
      fc.property(body, (value) => {
        try {
          expect(Number.isSafeInteger(parseProfile(value).fortytwoId)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(FortyTwoError);
        }
      }),
    );
  });
});
