import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KeyHolder } from '../support/keys.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { people, sendMany, startChat, shutDown } from './support/circle.js';

let server: TestApp;
let ada: KeyHolder, bob: KeyHolder;
let chatId: string;

beforeAll(async () => {
  server = await startTestApp();
  [ada, bob] = (await people(server, 2)) as [KeyHolder, KeyHolder];
  chatId = await startChat(ada, [bob]);
  await sendMany(ada, chatId, [ada, bob], 12);
});
afterAll(() => shutDown(server));

const read = async (query: string) =>
  (await bob.browser.get(`/api/messages/history/${chatId}?${query}`)).body;
const seqs = ({ items }: { items: { seq: number }[] }) => items.map(({ seq }) => seq);

/** Page after page until the cursor is null. */
async function readAll(query: string): Promise<number[][]> {
  const pages: number[][] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page = await read(`${query}${cursor && `&cursor=${cursor}`}`);
    pages.push(seqs(page));
    cursor = page.nextCursor;
  }
  return pages;
}

describe('history', () => {
  it('goes newest first without bounds', async () => {
    expect(await readAll('limit=5')).toEqual([
      [12, 11, 10, 9, 8],
      [7, 6, 5, 4, 3],
      [2, 1],
    ]);
    expect(await readAll('limit=6')).toEqual([
      [12, 11, 10, 9, 8, 7],
      [6, 5, 4, 3, 2, 1],
    ]);
  });

  it('goes newest first before a seq, exclusive', async () => {
    expect(await readAll('limit=3&before=6')).toEqual([
      [5, 4, 3],
      [2, 1],
    ]);
    expect(await readAll('before=1')).toEqual([[]]);
  });

  it('goes oldest first after a seq, exclusive', async () => {
    expect(await readAll('limit=2&after=8')).toEqual([
      [9, 10],
      [11, 12],
    ]);
    expect(await readAll('after=12')).toEqual([[]]);
    expect((await readAll('after=0')).flat()).toHaveLength(12);
  });

  it('goes oldest first through a range', async () => {
    expect(await readAll('limit=2&after=4&before=9')).toEqual([
      [5, 6],
      [7, 8],
    ]);
    expect(await readAll('after=5&before=6')).toEqual([[]]);
  });

  it('neither repeats nor skips while messages are added', async () => {
    const first = await read('limit=4');
    const forward = await read('limit=10&after=0');
    await sendMany(ada, chatId, [ada, bob], 1);
    expect(seqs(await read(`limit=4&cursor=${first.nextCursor}`))).toEqual([8, 7, 6, 5]);
    expect(seqs(await read(`limit=10&cursor=${forward.nextCursor}`))).toEqual([11, 12, 13]);
  });

  it.each([
    'before=-1',
    'after=x',
    'after=1.5',
    'limit=0',
    'limit=101',
    'cursor=x',
    'offset=3',
    'after=1&after=2',
  ])('refuses ?%s with 400', async (query) => {
    expect((await bob.browser.get(`/api/messages/history/${chatId}?${query}`)).status).toBe(400);
  });

  it('is JSON with the headers of every answer', async () => {
    const { headers } = await bob.browser.get(`/api/messages/history/${chatId}`);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-request-id')).toBeTruthy();
  });

  it('answers 404 for a chat that is not there', async () => {
    for (const id of [crypto.randomUUID(), 'x'])
      expect((await bob.browser.get(`/api/messages/history/${id}`)).body.code).toBe('not_found');
  });
});
