import { describe, expect, it } from 'vitest';
import { exchange, getWith, obtainCode, obtainToken, startFake } from './sign-in.fixture.js';

describe('GET /v2/me', () => {
  it('answers with a whole profile', async () => {
    const fake = await startFake();
    const response = await getWith(fake.profileUrl, await obtainToken(fake));
    expect(response.status).toBe(200);
    const profile = (await response.json()) as Record<string, unknown>;
    expect(profile).toMatchObject({
      id: 98214,
      login: 'amoreau',
      email: 'amoreau@student.42.example',
      usual_full_name: 'Alix Moreau',
      displayname: 'Alix Moreau',
      phone: 'hidden',
      kind: 'student',
      'staff?': false,
      image: { link: expect.stringMatching(/^https:\/\/cdn\.intra\.42\.fr\/users\/\w{32}\/amoreau\.jpg$/) },
    });
    const lists = ['groups', 'cursus_users', 'projects_users', 'languages_users', 'achievements', 'titles'];
    const more = [
      'titles_users',
      'partnerships',
      'patroned',
      'patroning',
      'expertises_users',
      'roles',
      'campus',
    ];
    for (const name of [...lists, ...more, 'campus_users']) expect(profile[name], name).toBeInstanceOf(Array);
    const members = ['pool_month', 'pool_year', 'location', 'wallet', 'anonymize_date', 'data_erasure_date'];
    const last = [
      'created_at',
      'updated_at',
      'alumnized_at',
      'alumni?',
      'active?',
      'correction_point',
      'url',
    ];
    for (const name of [...members, ...last]) expect(profile, name).toHaveProperty([name]);
  });

  it.each(['', 'unknown'])('answers 401 JSON to the token %j', async (token) => {
    const fake = await startFake();
    const response = await getWith(fake.profileUrl, token);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('invalid_token');
    expect(await response.json()).toEqual({ status: 401, error: 'The access token is invalid' });
  });

  it('answers 401 without a token, and with one in another scheme', async () => {
    const fake = await startFake();
    const token = await obtainToken(fake);
    expect((await fetch(fake.profileUrl)).status).toBe(401);
    expect((await fetch(fake.profileUrl, { headers: { authorization: `Token ${token}` } })).status).toBe(401);
  });

  it('answers 401 two hours later', async () => {
    let now = 1_700_000_000_000;
    const fake = await startFake({ now: () => now });
    const token = await obtainToken(fake);
    now += 7_200_000 - 1;
    expect((await getWith(fake.profileUrl, token)).status).toBe(200);
    now += 1;
    const late = await getWith(fake.profileUrl, token);
    expect(late.status).toBe(401);
    expect(await late.json()).toMatchObject({ error: 'The access token expired' });
  });

  it('shows people added and changed meanwhile', async () => {
    const fake = await startFake({ users: [], autoApprove: 'ada' });
    fake.addUser({ id: 77, login: 'ada', firstName: 'Ada', lastName: 'L', email: null, imageUrl: null });
    const token = await obtainToken(fake);
    fake.updateUser('ada', { login: 'ada-2', email: 'ada@42.example' });
    const profile = await (await getWith(fake.profileUrl, token)).json();
    expect(profile).toMatchObject({ id: 77, login: 'ada-2', email: 'ada@42.example', image: { link: null } });
  });

  it('never has two people with one id or login', async () => {
    const fake = await startFake();
    const ada = { id: 1, login: 'ada', firstName: 'Ada', lastName: 'L', email: null };
    fake.addUser(ada);
    expect(() => fake.addUser({ ...ada, login: 'bea' })).toThrow(TypeError);
    expect(() => fake.addUser({ ...ada, id: 2 })).toThrow(TypeError);
    expect(() => fake.updateUser('nobody', {})).toThrow('There is no user called nobody.');
  });
});

describe('GET /oauth/token/info', () => {
  it('says whose token it is and how long it lasts', async () => {
    let now = 1_700_000_000_000;
    const fake = await startFake({ now: () => now });
    const token = await obtainToken(fake);
    now += 60_000;
    expect(await (await getWith(`${fake.url}/oauth/token/info`, token)).json()).toEqual({
      resource_owner_id: 98214,
      scopes: ['public'],
      expires_in_seconds: 7140,
      application: { uid: 'client-id' },
      created_at: 1_700_000_000,
    });
    expect((await fetch(`${fake.url}/oauth/token/info`)).status).toBe(401);
  });
});

describe('the rate limit', () => {
  it('is off unless asked for', async () => {
    const fake = await startFake({ now: () => 1_700_000_000_000 });
    const token = await obtainToken(fake);
    for (let i = 0; i < 5; i += 1) expect((await getWith(fake.profileUrl, token)).status).toBe(200);
  });

  it('lets two requests a second through, token requests included', async () => {
    let now = 1_700_000_000_300;
    const fake = await startFake({ now: () => now, rateLimit: true });
    const code = await obtainCode(fake);
    const first = await exchange(fake, code);
    const { access_token: token } = (await first.json()) as { access_token: string };
    expect(first.headers.get('x-secondly-ratelimit-remaining')).toBe('1');
    const second = await getWith(fake.profileUrl, token);
    expect(second.headers.get('x-secondly-ratelimit-limit')).toBe('2');
    expect(second.headers.get('x-hourly-ratelimit-limit')).toBe('1200');
    expect(second.headers.get('x-hourly-ratelimit-remaining')).toBe('1198');
    const third = await getWith(fake.profileUrl, token);
    expect(third.status).toBe(429);
    expect(third.headers.get('retry-after')).toBe('1');
    expect(third.headers.get('content-type')).toMatch(/^text\/plain/);
    now += 700;
    expect((await getWith(fake.profileUrl, token)).status).toBe(200);
  });

  it('lets 1200 requests an hour through', async () => {
    let now = 1_699_999_200_000;
    const fake = await startFake({ now: () => now, rateLimit: true });
    for (let i = 0; i < 1200; i += 1) {
      await getWith(fake.profileUrl, 'unknown').then((response) => response.arrayBuffer());
      now += 500;
    }
    const response = await getWith(fake.profileUrl, 'unknown');
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('3000');
    await getWith(fake.profileUrl, 'unknown');
    const beyondBoth = await getWith(fake.profileUrl, 'unknown');
    expect(beyondBoth.headers.get('retry-after'), 'the longer wait counts').toBe('3000');
  });
});
