import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { newId } from '../../src/common/ids.js';
import { lookStatements } from '../../src/messages/envelopes/message-store.js';
import { changeKeys, seal, type KeyHolder, type Sealed } from '../support/keys.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { onReplica, people, shutDown, startChat } from './support/circle.js';

let server: TestApp;
let replica: TestApp;
let ada: KeyHolder, bob: KeyHolder, carol: KeyHolder;
let chatId: string;

beforeAll(async () => {
  server = await startTestApp();
  replica = await startTestApp({}, server.database);
});
beforeEach(async () => {
  [ada, bob, carol] = (await people(server, 3)) as [KeyHolder, KeyHolder, KeyHolder];
  chatId = await startChat(ada, [bob], 'Cellar');
});
afterAll(() => shutDown(replica, server));

const post = (who: KeyHolder, message: Sealed) => who.browser.post('/api/messages/send', message);
/** The same person, now on the one replica, now on the other. */
const somewhere = (who: KeyHolder, i: number) => (i % 2 === 0 ? who : onReplica(who, replica));
const statuses = (answers: { status: number }[]) => answers.map(({ status }) => status).sort((a, b) => a - b);

async function readAll(who: KeyHolder): Promise<{ id: string; seq: number }[]> {
  const items: { id: string; seq: number }[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const path = `/api/messages/history/${chatId}?limit=100&after=0${cursor && `&cursor=${cursor}`}`;
    const page: { items: typeof items; nextCursor: string | null } = (await who.browser.get(path)).body;
    items.push(...page.items);
    cursor = page.nextCursor;
  }
  return items;
}

/** As a client does: again under the same id where the server was too busy to take it. */
async function postSurely(who: KeyHolder, message: Sealed) {
  for (;;) {
    const answer = await post(who, message);
    if (answer.status !== 503) return answer;
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  }
}

it(
  'gives 1 000 messages that are sent at once over two replicas a gapless order, the same in every view',
  { timeout: 240_000 },
  async () => {
    const senders = [ada, bob];
    const messages = await Promise.all(
      Array.from({ length: 1_000 }, (_, i) => seal(senders[i % 2] as KeyHolder, chatId, senders)),
    );
    const answers = await Promise.all(
      messages.map((message, i) => postSurely(somewhere(senders[i % 2] as KeyHolder, i >> 1), message)),
    );
    expect(new Set(statuses(answers))).toEqual(new Set([201]));
    const inOrder = [...answers].sort((a, b) => a.body.seq - b.body.seq).map(({ body }) => body.id);
    const history = await readAll(bob);
    expect(history.map(({ seq }) => seq)).toEqual(Array.from({ length: 1_000 }, (_, i) => i + 1));
    expect(history.map(({ id }) => id)).toEqual(inOrder);
    const received: string[] = [];
    for (let after = ''; received.length < 500;) {
      const page = (await bob.browser.get(`/api/messages/receive/${bob.user.id}?limit=100${after}`)).body;
      received.push(...page.items.map(({ id }: { id: string }) => id));
      after = `&after=${page.nextCursor}`;
    }
    const byAda = new Set(answers.filter((_, i) => i % 2 === 0).map(({ body }) => body.id));
    expect(received).toEqual(inOrder.filter((id) => byAda.has(id)));
    expect((await bob.browser.get(`/api/chats/${chatId}`)).body).toMatchObject({
      lastSeq: 1_000,
      unreadCount: 500,
    });
  },
);

it('stores a message once, however many retries run at once', async () => {
  const message = await seal(ada, chatId, [ada, bob]);
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => post(somewhere(ada, i), message)));
  expect(statuses(answers)).toEqual([...Array.from({ length: 19 }, () => 200), 201]);
  expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
  expect(await readAll(bob)).toHaveLength(1);
  expect(
    await server.database.query(`SELECT 1 FROM user_events WHERE chat_id = $1 AND kind = 'message'`, [
      chatId,
    ]),
  ).toHaveLength(2);
});

it('gives an id to one of two messages that claim it at once, in different chats', async () => {
  const other = await startChat(bob, [carol], 'Attic');
  for (let round = 0; round < 10; round++) {
    const id = newId();
    const [first, second] = [
      await seal(ada, chatId, [ada, bob], { id }),
      await seal(carol, other, [bob, carol], { id }),
    ];
    const answers = await Promise.all([post(ada, first), post(onReplica(carol, replica), second)]);
    expect(statuses(answers)).toEqual([201, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('message_id_reused');
  }
});

it('makes one direct chat of two who begin it at once', async () => {
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, i) => {
      const [who, other] = i % 2 === 0 ? [ada, carol] : [carol, ada];
      return somewhere(who, i >> 1).browser.post('/api/chats', { memberIds: [other.user.id] });
    }),
  );
  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  expect(statuses(answers)).toEqual([...Array.from({ length: 9 }, () => 200), 201]);
});

it('never stores a message that a member who was there cannot open, nor one for who was not', async () => {
  const attempts = 40;
  const messages = await Promise.all(
    Array.from({ length: attempts }, (_, i) =>
      seal(ada, chatId, i % 2 === 0 ? [ada, bob] : [ada, bob, carol]),
    ),
  );
  const join = (async () => {
    for (let i = 0; i < 3; i++) {
      expect(
        (await onReplica(bob, replica).browser.put(`/api/chats/${chatId}/members/${carol.user.id}`)).status,
      ).toBe(204);
      expect((await ada.browser.delete(`/api/chats/${chatId}/members/${carol.user.id}`)).status).toBe(204);
    }
    expect((await bob.browser.put(`/api/chats/${chatId}/members/${carol.user.id}`)).status).toBe(204);
  })();
  const answers = await Promise.all(messages.map((message, i) => post(somewhere(ada, i), message)));
  await join;
  for (const { status, body } of answers)
    expect([201, status === 409 && body.code === 'stale_recipients' ? 409 : 0]).toContain(status);
  const stored = await server.database.query<{ seq: number; isForCarol: boolean }>(
    `SELECT seq::int, recipients ? $2 AS "isForCarol" FROM messages WHERE chat_id = $1 ORDER BY seq`,
    [chatId, carol.user.id],
  );
  expect(stored.map(({ seq }) => seq)).toEqual(stored.map((_, i) => i + 1));
  const told = await server.database.query<{ seq: number }>(
    `SELECT number::int AS seq FROM user_events WHERE user_id = $1 AND chat_id = $2 AND kind = 'message' ORDER BY 1`,
    [carol.user.id, chatId],
  );
  expect(told.map(({ seq }) => seq)).toEqual(stored.filter((row) => row.isForCarol).map(({ seq }) => seq));
  const { members } = (await ada.browser.get(`/api/chats/${chatId}`)).body;
  const { joinedSeq } = members.find(({ userId }: { userId: string }) => userId === carol.user.id);
  for (const { seq, isForCarol } of stored)
    if (seq > joinedSeq) expect([seq, isForCarol]).toEqual([seq, true]);
  const seen = (await carol.browser.get(`/api/messages/history/${chatId}?limit=100`)).body.items;
  for (const { envelope } of seen) expect(envelope.recipients).toHaveLength(1);
});

it('stores no message for an old key after the new one was registered', async () => {
  const messages = await Promise.all(Array.from({ length: 30 }, () => seal(ada, chatId, [ada, bob])));
  const old = bob;
  const sends = messages.map((message, i) => post(somewhere(ada, i), message));
  bob = await changeKeys(onReplica(bob, replica));
  const after = await post(ada, await seal(ada, chatId, [ada, old]));
  expect(after.body).toMatchObject({ code: 'stale_recipients', extra: [old.keys.encryption.jwk.kid] });
  await Promise.all(sends);
  // In Bob's own order of events no message for the old key comes after the new key.
  const events = await server.database.query<{ kind: string; kid: string | null }>(
    `SELECT e.kind, m.recipients -> $1 ->> 'kid' AS kid
     FROM user_events e LEFT JOIN messages m ON m.chat_id = e.chat_id AND m.seq = e.number
     WHERE e.user_id = $2 AND e.kind IN ('keys', 'message') ORDER BY e.position`,
    [bob.user.id, bob.user.id],
  );
  const newKey = events.findLastIndex(({ kind }) => kind === 'keys');
  expect(newKey).toBeGreaterThan(0);
  for (const { kid } of events.slice(newKey + 1)) expect(kid).toBe(bob.keys.encryption.jwk.kid);
});

it('does not let people who add, remove, write, read and delete at once block each other', async () => {
  const circle = [ada, bob, carol];
  const chats = await Promise.all(
    circle.map((owner) =>
      startChat(
        owner,
        circle.filter((who) => who !== owner),
        'x',
      ),
    ),
  );
  const work = chats.flatMap((chat) =>
    circle.flatMap((who, i) =>
      Array.from({ length: 5 }, async () => {
        const message = await seal(who, chat, circle);
        const sent = await post(somewhere(who, i), { ...message, chatId: chat });
        const reader = circle[(i + 1) % 3] as KeyHolder;
        const read = await reader.browser.patch(`/api/messages/mark-read/${message.id}`);
        const gone = await somewhere(who, i + 1).browser.delete(`/api/messages/${message.id}`);
        return [sent, read, gone].map(({ status }) => status);
      }),
    ),
  );
  for (const result of await Promise.all(work)) expect(result).toEqual([201, 204, 204]);
  for (const who of circle)
    for (const { unreadCount } of (await who.browser.get('/api/chats')).body.items)
      expect(unreadCount).toBe(0);
});

it('takes no place in anybody’s order where its transaction could not begin', async () => {
  const heads = () => server.database.query('SELECT * FROM user_event_heads ORDER BY user_id');
  const before = await heads();
  const draft = { id: newId(), chatId, senderId: ada.user.id, digest: Buffer.alloc(32) };
  // Each by itself, as they would run behind a beginning that failed: all are on their way by then.
  for (const { sql, parameters } of lookStatements(draft)) await server.database.query(sql.text, parameters);
  expect(await heads()).toEqual(before);
});
