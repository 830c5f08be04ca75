import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signUp, type Person } from '../support/people.js';
import type { TestApp } from '../support/test-app.js';
import { startWithAdmin } from './admins.js';

let server: TestApp;
let root: Person;
let reader: Person;
beforeAll(async () => {
  ({ server, root } = await startWithAdmin());
  reader = await signUp(server, { username: 'zz-reader' });
  await create('otter', 'Olga Terrier');
  await create('otter.two', 'Ötzi');
  await create('lantern', 'Otto Lampe');
  await create('under_score', '100% wool');
  await create('underxscore', '100 sheep');
});
afterAll(() => server.close());

async function create(username: string, displayName = username): Promise<string> {
  const body = { username, displayName, email: `${username}@example.net` };
  const answer = await root.browser.post('/api/users', body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body.id;
}

async function find(query: string, by: Person = reader): Promise<string[]> {
  const answer = await by.browser.get(`/api/users?${new URLSearchParams({ query }).toString()}`);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body.items.map(({ username }: { username: string }) => username);
}

describe('searching the directory', () => {
  it('finds usernames by their beginning, then display names', async () => {
    expect(await find('ott')).toEqual(['otter', 'otter.two', 'lantern']);
    expect(await find('tter')).toEqual([]);
  });

  it('minds neither case nor the way accents are composed', async () => {
    expect(await find('OTTER')).toEqual(['otter', 'otter.two']);
    expect(await find('OLGA TERR')).toEqual(['otter']);
    expect(await find('o\u0308TZ')).toEqual(['otter.two']);
  });

  it.each([
    ['under_', ['under_score']],
    ['100%', ['under_score']],
    ['%', []],
    ['_', []],
    ['\\', []],
    ["'; DROP TABLE users; --", []],
  ])('takes %s as it is written', async (query, found) => {
    expect(await find(query)).toEqual(found);
  });

  it('shows others no more than what the directory is for', async () => {
    const answer = await reader.browser.get('/api/users?query=otter&limit=1');
    expect(answer.body.items).toEqual([
      {
        id: expect.any(String),
        username: 'otter',
        displayName: 'Olga Terrier',
        avatarUrl: null,
        hasKeys: false,
      },
    ]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('shows admins the address, and lets them find by it', async () => {
    const answer = await root.browser.get('/api/users?query=Otter@Example.net');
    expect(answer.body.items).toEqual([
      {
        id: expect.any(String),
        username: 'otter',
        displayName: 'Olga Terrier',
        avatarUrl: null,
        hasKeys: false,
        email: 'otter@example.net',
        emailVerified: false,
        role: 'user',
        suspended: false,
        createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      },
    ]);
    expect(await find('otter@example.net', reader)).toEqual([]);
  });

  it('lists a suspended account for admins only, and shows it to others by its id', async () => {
    const id = await create('suspended-one');
    await root.browser.put(`/api/users/${id}`, { suspended: true });
    expect(await find('suspended', reader)).toEqual([]);
    expect(await find('suspended', root)).toEqual(['suspended-one']);
    expect((await reader.browser.get(`/api/users/${id}`)).status).toBe(200);
  });
});

describe('looking at one account', () => {
  it('answers the public view, and to admins theirs', async () => {
    const id = await create('somebody');
    const seen = await reader.browser.get(`/api/users/${id.toUpperCase()}`);
    expect(seen).toMatchObject({ status: 200, body: { id, username: 'somebody', hasKeys: false } });
    expect(seen.body).not.toHaveProperty('email');
    const byAdmin = await root.browser.get(`/api/users/${id}`);
    expect(byAdmin.body).toMatchObject({ email: 'somebody@example.net', suspended: false });
  });

  it.each(['no-uuid', '01890000-0000-7000-8000-000000000000', 'me%00'])('answers 404 for %s', async (id) => {
    const answer = await reader.browser.get(`/api/users/${id}`);
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  it('is for signed-in people', async () => {
    const stranger = server.browser();
    expect((await stranger.get('/api/users')).status).toBe(401);
    expect((await stranger.get(`/api/users/${root.user.id}`)).status).toBe(401);
  });
});

describe('paging through the directory', () => {
  it('neither repeats nor skips anybody while others join', async () => {
    const before = new Set<string>();
    for (let i = 0; i < 7; i++) before.add((await create(`page-${i}`), `page-${i}`));
    for (let i = 0; i < 4; i++) before.add((await create(`sheet-${i}`, 'Page Same'), `sheet-${i}`));
    const seen: string[] = [];
    let cursor: string | null = null;
    let joined = 0;
    do {
      const next: string = cursor === null ? '' : `&cursor=${cursor}`;
      const { body } = await reader.browser.get(`/api/users?query=page&limit=2${next}`);
      seen.push(...body.items.map(({ username }: { username: string }) => username));
      cursor = body.nextCursor;
      await create(`page-${joined}-between`);
      await create(`aaa-${joined++}`, 'Page A');
    } while (cursor !== null);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((name) => before.has(name)).toSorted()).toEqual([...before].toSorted());
  });

  it('lists everybody without a query', async () => {
    const { body } = await reader.browser.get('/api/users?limit=100');
    const names: string[] = body.items.map(({ username }: { username: string }) => username);
    expect(names).toContain('root');
    expect(names).toEqual(names.toSorted());
    expect(body.nextCursor).toBeNull();
  });

  const forged = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  it.each([
    ['limit=0', '/limit'],
    ['limit=101', '/limit'],
    ['limit=ten', '/limit'],
    ['query=%00', '/query'],
    [`query=${'a'.repeat(300)}`, '/query'],
    ['role=admin', '/role'],
    ['cursor=nonsense', '/cursor'],
    [`cursor=${forged(['username', 'a\0', '01890000-0000-7000-8000-000000000000'])}`, '/cursor'],
    [`cursor=${forged(['name', 'a', 'no-uuid'])}`, '/cursor'],
    [`cursor=${forged(['else', 'a', '01890000-0000-7000-8000-000000000000'])}`, '/cursor'],
    [`cursor=${forged([1, 2, 3])}`, '/cursor'],
  ])('answers 400 for %s', async (parameters, pointer) => {
    const answer = await reader.browser.get(`/api/users?${parameters}`);
    expect(answer).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
    expect(answer.body.errors).toContainEqual({ pointer, detail: expect.any(String) });
  });

  it('answers 400 for a query that stands there twice', async () => {
    expect((await reader.browser.get('/api/users?query=a&query=b')).status).toBe(400);
  });
});
