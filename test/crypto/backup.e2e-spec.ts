import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signUp } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp();
});
afterAll(() => server.close());

const PATH = '/api/crypto/backup';
/** What jsonb would change or refuse: order, numbers, NUL, half a surrogate pair. */
const OPAQUE = {
  z: 1,
  a: { '': [1.5, -0.1, 1e21, null, true] },
  text: '\u0000 ﬀ \ud83e\udda6 "',
  long: 'x'.repeat(50),
};

describe('the backup', () => {
  it('is kept as it was sent, and read by its owner alone', async () => {
    const ada = await signUp(server);
    expect(await ada.browser.get(PATH)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await ada.browser.put(PATH, { version: 0, backup: OPAQUE })).toMatchObject({
      status: 200,
      body: { version: 1 },
    });
    const answer = await ada.browser.get(PATH);
    expect(answer).toMatchObject({ status: 200, body: { version: 1, updatedAt: expect.any(String) } });
    expect(JSON.stringify(answer.body.backup)).toBe(JSON.stringify(OPAQUE));
    expect(answer.body.updatedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect((await (await signUp(server)).browser.get(PATH)).status).toBe(404);
    expect((await server.browser().get(PATH)).status).toBe(401);
  });

  it('is written by whoever has read the newest version', async () => {
    const { browser } = await signUp(server);
    const put = (version: number, backup: object) => browser.put(PATH, { version, backup });
    for (const version of [1, 2]) expect((await put(version, {})).body.code).toBe('backup_conflict');
    expect((await put(0, { n: 1 })).body).toEqual({ version: 1 });
    expect((await put(1, { n: 2 })).body).toEqual({ version: 2 });
    for (const version of [0, 1, 3])
      expect(await put(version, { n: 3 })).toMatchObject({ status: 409, body: { code: 'backup_conflict' } });
    expect((await browser.get(PATH)).body).toMatchObject({ version: 2, backup: { n: 2 } });
  });

  it('takes one of ten writes that come at once, the first time and later', async () => {
    const { browser } = await signUp(server);
    for (const version of [0, 1]) {
      const writes = Array.from({ length: 10 }, (_, n) => browser.put(PATH, { version, backup: { n } }));
      const answers = await Promise.all(writes);
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(answers.filter(({ body }) => body.code === 'backup_conflict')).toHaveLength(9);
      const winner = answers.findIndex(({ status }) => status === 200);
      expect((await browser.get(PATH)).body).toMatchObject({ version: version + 1, backup: { n: winner } });
    }
  });

  it('starts from 0 again once it is deleted, which is recorded like every change', async () => {
    const { browser } = await signUp(server);
    await browser.put(PATH, { version: 0, backup: { n: 1 } });
    await browser.put(PATH, { version: 1, backup: { n: 2 } });
    expect((await browser.delete(PATH)).status).toBe(204);
    expect((await browser.delete(PATH)).status).toBe(204);
    expect((await browser.get(PATH)).status).toBe(404);
    expect((await browser.put(PATH, { version: 2, backup: {} })).status).toBe(409);
    expect((await browser.put(PATH, { version: 0, backup: {} })).body).toEqual({ version: 1 });
    const { items } = (await browser.get('/auth/events')).body;
    expect(items.map((event: { type: string }) => event.type).slice(0, 4)).toEqual([
      'backup_changed',
      'backup_deleted',
      'backup_changed',
      'backup_changed',
    ]);
  });

  it('has at most 64 KiB', async () => {
    const { browser } = await signUp(server);
    const sized = (bytes: number) => ({ version: 0, backup: { a: 'é'.repeat((bytes - 8) / 2) } });
    expect(await browser.put(PATH, sized(64 * 1024 + 2))).toMatchObject({
      status: 400,
      body: { code: 'validation_failed', errors: [{ pointer: '/backup' }] },
    });
    expect((await browser.put(PATH, sized(64 * 1024))).status).toBe(200);
  });

  it.each([
    [{ backup: {} }],
    [{ version: 0 }],
    [{ version: '0', backup: {} }],
    [{ version: -1, backup: {} }],
    [{ version: 0.5, backup: {} }],
    [{ version: 2 ** 31 - 1, backup: {} }],
    [{ version: 0, backup: [] }],
    [{ version: 0, backup: 'text' }],
    [{ version: 0, backup: null }],
    [{ version: 0, backup: {}, userId: 'other' }],
  ])('is refused as %j', async (body) => {
    const { browser } = await signUp(server);
    expect(await browser.put(PATH, body)).toMatchObject({
      status: 400,
      body: { code: 'validation_failed' },
    });
  });
});
