import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { seal, send, type KeyHolder } from '../support/keys.js';
import { PASSWORD } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { people, shutDown, startChat } from './support/circle.js';

let server: TestApp;
let ada: KeyHolder;
let bob: KeyHolder;
let eve: KeyHolder;
beforeAll(async () => {
  server = await startTestApp();
});
beforeEach(async () => {
  [ada, bob, eve] = (await people(server, 3)) as [KeyHolder, KeyHolder, KeyHolder];
});
afterAll(() => shutDown(server));

const BLOCKED = { status: 403, body: { code: 'blocked' } };

async function block(by: KeyHolder, whom: KeyHolder): Promise<void> {
  expect((await by.browser.put(`/api/blocks/${whom.user.id}`)).status).toBe(204);
}

function write(from: KeyHolder, message: object): Promise<{ status: number; body: { code?: string } }> {
  return from.browser.post('/api/messages/send', message);
}

describe('blocking somebody', () => {
  it('ends what the direct chat takes, in both directions, and keeps what was said', async () => {
    const chatId = await startChat(ada, [eve]);
    const said = await seal(eve, chatId, [ada, eve]);
    await send(eve, said);
    await block(ada, eve);
    for (const from of [ada, eve])
      expect(await write(from, await seal(from, chatId, [ada, eve]))).toMatchObject(BLOCKED);
    const { body } = await ada.browser.get(`/api/messages/history/${chatId}`);
    expect(body.items).toHaveLength(1);
    // The answer to a message that is stored already may have been lost: it is given again.
    expect((await write(eve, said)).status).toBe(200);
    expect((await ada.browser.delete(`/api/blocks/${eve.user.id}`)).status).toBe(204);
    expect((await write(eve, await seal(eve, chatId, [ada, eve]))).status).toBe(201);
  });

  it('lets no chat begin between the two, nor one of them add the other to a group', async () => {
    await block(ada, eve);
    const to = (...others: KeyHolder[]): object => ({ memberIds: others.map(({ user }) => user.id) });
    expect(await eve.browser.post('/api/chats', to(ada))).toMatchObject(BLOCKED);
    expect(await ada.browser.post('/api/chats', to(eve))).toMatchObject(BLOCKED);
    expect(await eve.browser.post('/api/chats', { ...to(bob, ada), title: 'Trap' })).toMatchObject(BLOCKED);
    const group = await startChat(eve, [bob], 'Trap');
    expect(await eve.browser.put(`/api/chats/${group}/members/${ada.user.id}`)).toMatchObject(BLOCKED);
    // Bob is blocked by nobody, and both may leave a group that they share.
    expect((await bob.browser.put(`/api/chats/${group}/members/${ada.user.id}`)).status).toBe(204);
    expect((await write(eve, await seal(eve, group, [eve, bob, ada]))).status).toBe(201);
    expect((await ada.browser.delete(`/api/chats/${group}/members/${ada.user.id}`)).status).toBe(204);
  });

  it('is repeatable also where no further block has room', async () => {
    await block(ada, eve);
    // Of accounts that are gone: a thousand living ones would only take longer.
    await server.database.query(
      `INSERT INTO blocks (blocker_id, blocked_id, created_at)
       SELECT $1, gen_random_uuid(), now() FROM generate_series(2, 1000)`,
      [ada.user.id],
    );
    await block(ada, eve);
    const further = await ada.browser.put(`/api/blocks/${bob.user.id}`);
    expect(further).toMatchObject({ status: 409, body: { code: 'too_many_blocks' } });
  });

  it('lists whom one has blocked, and never by whom one is', async () => {
    await block(ada, eve);
    await block(ada, eve);
    const { body } = await ada.browser.get('/api/blocks');
    expect(body).toEqual({
      items: [{ userId: eve.user.id, createdAt: expect.stringMatching(/Z$/) }],
      nextCursor: null,
    });
    expect((await eve.browser.get('/api/blocks')).body.items).toEqual([]);
    const exported = (await ada.browser.get('/api/users/me/export')).body;
    expect(JSON.stringify(exported)).toContain(eve.user.id);
    expect(JSON.stringify((await eve.browser.get('/api/users/me/export')).body)).not.toContain(ada.user.id);
  });

  it('blocks nobody who is not there, and not oneself', async () => {
    const nobody = '0192f000-0000-7000-8000-000000000000';
    for (const id of [nobody, ada.user.id, 'no-id'])
      expect(await ada.browser.put(`/api/blocks/${id}`)).toMatchObject({ status: 404 });
    expect((await ada.browser.delete(`/api/blocks/${nobody}`)).status).toBe(204);
  });

  it('leaves nothing behind with a deleted account', async () => {
    await block(ada, eve);
    await block(eve, bob);
    expect((await eve.browser.delete('/api/users/me', { password: PASSWORD })).status).toBe(204);
    expect((await ada.browser.get('/api/blocks')).body.items).toEqual([]);
    const left = await server.database.query(
      'SELECT 1 FROM blocks WHERE blocker_id = $1 OR blocked_id = $1',
      [eve.user.id],
    );
    expect(left).toEqual([]);
  });
});
