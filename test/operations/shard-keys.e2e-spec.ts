import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { people, sendMany, startChat } from '../messages/support/circle.js';
import { EventReader } from '../messages/support/event-reader.js';
import type { KeyHolder } from '../support/keys.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

/** What a distributed PostgreSQL would keep each large table by, as docs/operations.md says. */
const SHARD_KEYS: Record<string, string> = {
  messages: 'chat_id',
  chats: 'id',
  chat_members: 'chat_id',
  message_ids: 'id',
  user_events: 'user_id',
  user_event_heads: 'user_id',
  sessions: 'id',
};
/** The members of one chat are looked for by person only when somebody asks for the list of chats. */
const BY_PERSON = /FROM chat_members WHERE user_id = \$1/;

/** Every statement of this process, whoever sends it and however. */
const statements: string[] = [];
const query = pg.Client.prototype.query as (...args: unknown[]) => unknown;

let server: TestApp;
let first: KeyHolder;
let second: KeyHolder;
let chatId: string;
beforeAll(async () => {
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
    const [sql] = args as [string | { text?: string }];
    statements.push(typeof sql === 'string' ? sql : (sql.text ?? ''));
    return query.apply(this, args);
  } as typeof pg.Client.prototype.query;
  server = await startTestApp();
  [first, second] = (await people(server, 2)) as [KeyHolder, KeyHolder];
  chatId = await startChat(first, [second]);
  await sendMany(first, chatId, [first, second], 2);
});
afterAll(async () => {
  pg.Client.prototype.query = query as typeof pg.Client.prototype.query;
  await server.close();
});

async function during(work: () => Promise<unknown>): Promise<string[]> {
  statements.length = 0;
  await work();
  return statements.filter((sql) => tablesOf(sql).length > 0);
}

/** The sharded tables that a statement names. */
function tablesOf(sql: string): string[] {
  const named = [...sql.matchAll(/\b(?:FROM|JOIN|INTO|UPDATE)\s+([a-z_]+)/g)].map(([, table = '']) => table);
  return [...new Set(named)].filter((table) => table in SHARD_KEYS);
}

/** Where a table is named without its key being given: sentences. */
function scattered(sql: string): string[] {
  return tablesOf(sql)
    .filter((table) => !givesKey(sql, table))
    .map((table) => `${table} without ${SHARD_KEYS[table]}: ${sql}`);
}

/** By a parameter, by a column that has it, or as the first column of what is inserted. */
function givesKey(sql: string, table: string): boolean {
  const key = SHARD_KEYS[table];
  const isCompared = new RegExp(`\\b${key}\\s*=\\s*(ANY\\s*\\(\\$|\\$\\d|[a-z_]+\\.[a-z_]+)`).test(sql);
  const isInserted = new RegExp(`INTO ${table} \\([^)]*\\b${key}\\b`).test(sql);
  return isCompared || isInserted || (table === 'chat_members' && BY_PERSON.test(sql));
}

async function open(browser: KeyHolder['browser'], lastId?: string): Promise<EventReader> {
  const reader = await EventReader.open(browser, lastId);
  await reader.until(() => true);
  return reader;
}

describe('the busy routes', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['sending', () => sendMany(first, chatId, [first, second], 1)],
    ['history', () => second.browser.get(`/api/messages/history/${chatId}`)],
    ['receiving', () => second.browser.get(`/api/messages/receive/${second.user.id}`)],
    ['marking read', markRead],
    ['following events', followEvents],
    ['the list of chats', () => first.browser.get('/api/chats')],
    ['one chat', () => first.browser.get(`/api/chats/${chatId}`)],
    ['a refresh', () => first.browser.post('/auth/refresh', {})],
  ])('%s names the shard of each table it touches', async (_name, work) => {
    const seen = await during(work);
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.flatMap(scattered)).toEqual([]);
  });

  it('asking who one is touches none of them', async () => {
    expect((await during(() => first.browser.get('/auth/me'))).flatMap(tablesOf)).toEqual([]);
  });

  it('would be caught if one of them looked everywhere', () => {
    expect(scattered('SELECT * FROM messages WHERE id = $1')).toHaveLength(1);
    expect(scattered('UPDATE sessions SET ip = $1 WHERE user_id = $2')).toHaveLength(1);
  });
});

async function markRead(): Promise<void> {
  const { body } = await second.browser.get(`/api/messages/history/${chatId}`);
  const answer = await second.browser.patch(`/api/messages/mark-read/${body.items[0].id}`);
  expect(answer.status).toBe(204);
}

async function followEvents(): Promise<void> {
  const stream = await open(second.browser);
  const [id] = await sendMany(first, chatId, [first, second], 1);
  await stream.until(({ event, data }) => event === 'message' && data.id === id);
  stream.close();
}
