import { get, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { NotificationBus } from '../../src/database/notification-bus.js';
import { StreamRegistry } from '../../src/messages/events/stream-registry.js';
import { seal, send, type KeyHolder } from '../support/keys.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { onReplica, people, sendMany, shutDown, startChat } from './support/circle.js';
import { EventReader } from './support/event-reader.js';

let server: TestApp;
let replica: TestApp;
let ada: KeyHolder, bob: KeyHolder, eve: KeyHolder;
let chatId: string;
let open: EventReader[] = [];

async function listen(who: KeyHolder, lastEventId?: string): Promise<EventReader> {
  const reader = await EventReader.open(who.browser, lastEventId);
  open.push(reader);
  return reader;
}
const ids = (reader: EventReader) => reader.of('message').map(({ data }) => data.id);

beforeAll(async () => {
  server = await startTestApp();
  replica = await startTestApp({}, server.database);
});
beforeEach(async () => {
  [ada, bob, eve] = (await people(server, 3)) as [KeyHolder, KeyHolder, KeyHolder];
  chatId = await startChat(ada, [bob], 'Cellar');
});
afterEach(() => {
  vi.restoreAllMocks();
  for (const reader of open) reader.close();
  open = [];
});
afterAll(async () => {
  // Every order of events is gapless, whatever was refused, repeated or undone above.
  const broken = await server.database.query(
    'SELECT user_id FROM user_events GROUP BY user_id HAVING count(*) <> max(position) OR min(position) <> 1',
  );
  await shutDown(replica, server);
  expect(broken).toEqual([]);
});

it('tells of an event although its notice was lost', async () => {
  const reader = await listen(onReplica(bob, replica));
  const published = vi.spyOn(server.app.get(NotificationBus), 'publish').mockResolvedValue();
  const sent = await sendMany(ada, chatId, [ada, bob], 1);
  await reader.count('message', 1);
  expect(ids(reader)).toEqual(sent);
  expect(published).toHaveBeenCalled();
});

it('tells of everything once after the notification connections were cut', async () => {
  const reader = await listen(onReplica(bob, replica));
  const sent = await sendMany(ada, chatId, [ada, bob], 1);
  const cut = await server.database.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE application_name = 'sealgate-bus' AND datname = current_database()`,
  );
  expect(cut).toHaveLength(2);
  sent.push(...(await sendMany(ada, chatId, [ada, bob], 3)));
  await reader.count('message', 4);
  await expect.poll(() => replica.app.get(NotificationBus).isFresh(), { timeout: 10_000 }).toBe(true);
  sent.push(...(await sendMany(ada, chatId, [ada, bob], 1)));
  await reader.count('message', 5);
  expect(ids(reader)).toEqual(sent);
});

it('tells each message once to a client that loses its connection again and again, to either replica', async () => {
  const messages = await Promise.all(Array.from({ length: 60 }, () => seal(ada, chatId, [ada, bob])));
  const first = await listen(bob);
  let lastId = (await first.until(({ event }) => event === 'ready')).id;
  first.close();
  const sending = Promise.all(
    messages.map((message, i) => send(i % 2 === 0 ? ada : onReplica(ada, replica), message)),
  );
  const heard: { id: string; seq: number }[] = [];
  for (let round = 0; heard.length < messages.length; round++) {
    const reader = await listen(round % 2 === 0 ? onReplica(bob, replica) : bob, lastId);
    await reader.count('message', 1);
    reader.close();
    // Whatever came before the cut counts; the rest is asked for again.
    heard.push(...reader.of('message').map(({ data }) => data));
    lastId = reader.lastId;
  }
  const receipts = await sending;
  const inOrder = [...receipts].sort((a, b) => a.seq - b.seq).map(({ id }) => id);
  expect(heard.map(({ id }) => id)).toEqual(inOrder);
});

it('does not read ahead for a client that does not read, and gives it everything once it does', async () => {
  const sent = await sendLarge(60);
  const slow = await openSlowly();
  const quick = await listen(bob, '0-' + server.clock.epochSeconds());
  await quick.count('message', 60);
  // 7 MB are due; what is held for it is a chunk.
  const held = [...server.app.get(StreamRegistry).all()].map((stream) => {
    const { response } = stream as unknown as { response: ServerResponse };
    return response.writableLength;
  });
  expect(held).toHaveLength(2);
  expect(Math.max(...held)).toBeGreaterThan(0);
  expect(Math.max(...held)).toBeLessThan(300_000);
  const heard = await readSlowly(slow, 60);
  expect(heard).toEqual(sent);
  expect(ids(quick)).toEqual(sent);
});

/** Messages of the largest size. */
async function sendLarge(count: number): Promise<string[]> {
  const sent: string[] = [];
  for (let i = 0; i < count; i++)
    sent.push((await send(ada, await seal(ada, chatId, [ada, bob], { text: 'x'.repeat(60_000) }))).id);
  return sent;
}

/** A stream from the beginning whose client takes nothing from its socket. */
function openSlowly(): Promise<IncomingMessage> {
  const cookie = `jwt=${bob.browser.cookies.get('jwt')?.value}`;
  const headers = { cookie, 'last-event-id': `0-${server.clock.epochSeconds()}` };
  return new Promise((resolve, reject) => {
    get(new URL('/api/events', server.baseUrl), { headers }, (response) => {
      response.pause();
      resolve(response);
    }).on('error', reject);
  });
}

async function readSlowly(response: IncomingMessage, count: number): Promise<string[]> {
  let text = '';
  for await (const part of response) {
    text += String(part);
    if (text.split('event: message').length > count && text.endsWith('\n\n')) break;
  }
  return [...text.matchAll(/^data: (\{"id".*)$/gm)]
    .map(([, data]) => JSON.parse(String(data)) as { id: string; seq?: number })
    .filter(({ seq }) => seq !== undefined)
    .map(({ id }) => id);
}

it('takes another’s event id for a place in the own order, and tells nothing of the other’s', async () => {
  const bobs = await listen(bob);
  await sendMany(ada, chatId, [ada, bob], 2);
  await bobs.count('message', 2);
  const eves = await listen(eve, bobs.of('message')[0]?.id);
  const own = await startChat(eve, [bob], 'marker');
  await eves.until(({ data }) => data.id === own);
  expect(JSON.stringify(eves.heard)).not.toContain(chatId);
});

it('tells who was removed nothing more of the chat, on resuming either', async () => {
  const reader = await listen(bob);
  const { id } = await reader.until(({ event }) => event === 'ready');
  const [before] = await sendMany(ada, chatId, [ada, bob], 1);
  await reader.count('message', 1);
  await bob.browser.patch(`/api/messages/mark-read/${before}`);
  await reader.count('read', 1);
  await ada.browser.delete(`/api/chats/${chatId}/members/${bob.user.id}`);
  await reader.until(({ data }) => data.left === true);
  const after = await sendMany(ada, chatId, [ada], 1);
  await ada.browser.delete(`/api/messages/${before}`);
  const other = await startChat(ada, [bob], 'marker');
  await reader.until(({ data }) => data.id === other);
  const resumed = await listen(bob, id);
  await resumed.until(({ data }) => data.id === other);
  expect(ids(reader)).toEqual([before]);
  expect([...resumed.of('message'), ...resumed.of('read')]).toEqual([]);
  expect(JSON.stringify([reader.heard, resumed.heard])).not.toContain(after[0]);
  // Nor of the time before, once back.
  await ada.browser.put(`/api/chats/${chatId}/members/${bob.user.id}`);
  const back = await listen(bob, id);
  const [now] = await sendMany(ada, chatId, [ada, bob], 1);
  await back.until(({ data }) => data.id === now);
  expect(ids(back)).toEqual([now]);
});

it('ends the stream of a revoked session although the notice was lost', async () => {
  const reader = await listen(onReplica(bob, replica));
  await reader.until(({ event }) => event === 'ready');
  vi.spyOn(server.app.get(NotificationBus), 'publish').mockResolvedValue();
  expect((await bob.browser.post('/auth/logout')).status).toBe(204);
  await reader.end();
  expect(reader.heard.at(-1)).toMatchObject({ event: 'session', data: { ended: true } });
});

it('leaves no gap where a transaction is undone while another waits for it', async () => {
  const reader = await listen(bob);
  const { id } = await reader.until(({ event }) => event === 'ready');
  const sends = await Promise.all(
    Array.from({ length: 10 }, async (_, i) => {
      // Every second one takes places in the order and gives them back, as its recipients are stale.
      const message = await seal(ada, chatId, i % 2 === 0 ? [ada, bob] : [ada]);
      return (await ada.browser.post('/api/messages/send', message)).status;
    }),
  );
  expect(sends.filter((status) => status === 201)).toHaveLength(5);
  const heard = await reader.count('message', 5);
  const start = Number(id.split('-')[0]);
  expect(heard.map((one) => Number(one.id.split('-')[0]) - start)).toEqual([1, 2, 3, 4, 5]);
});

it('is for signed-in users', async () => {
  expect((await EventReader.ask(server.browser())).response.status).toBe(401);
});
