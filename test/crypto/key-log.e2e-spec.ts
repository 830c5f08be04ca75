import { logEntryOf, type Checkpoint } from '@sealgate/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PUBLIC_URL, startTestApp, type TestApp } from '../support/test-app.js';
import { signUp } from '../support/people.js';
import { makeKeys, signUpWithKeys, state, succeeding } from './key-holder.js';
import { LogReader } from './log-reader.js';

const ORIGIN = 'localhost:3000/log';

let server: TestApp;
let twin: TestApp;
let log: LogReader;
beforeAll(async () => {
  server = await startTestApp();
  twin = await startTestApp({}, server.database);
  log = new LogReader(server.browser());
});
afterAll(async () => {
  await twin.close();
  await server.close();
});

// In order: the first one needs the log still empty.
describe('the key log', () => {
  it('has a signed head while it is empty: the hash of nothing', async () => {
    const answer = await server.browser().get('/api/log/checkpoint');
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(answer.body).toMatch(
      /^localhost:3000\/log\n0\n47DEQpj8HBSa\+\/TImW\+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— localhost:3000\/log \S+\n$/,
    );
    expect(await log.head()).toMatchObject({ origin: ORIGIN, size: 0 });
    const key = await server.browser().get('/api/log/key');
    expect(key.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(key.body).toMatch(/^localhost:3000\/log\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}$/);
    expect((await twin.browser().get('/api/log/key')).body).toBe(key.body);
  });

  it('puts the registrations of twenty people at two replicas in one order without a gap', async () => {
    const holders = await Promise.all(
      Array.from({ length: 20 }, (_, i) => signUpWithKeys(i % 2 === 0 ? server : twin)),
    );
    const indices = holders.map(({ registered }) => Number(registered.log.index));
    expect(indices.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i));

    const heads = new Map<number, Checkpoint>();
    for (const { registered, statement } of holders) {
      const { index, size, checkpoint, hashes } = registered.log;
      const head = await log.verify(checkpoint);
      expect(head).toMatchObject({ origin: ORIGIN, size: index + 1 });
      expect(size).toBe(head.size);
      await log.requireIncluded(logEntryOf(statement), index, head, hashes);
      heads.set(size, head);
    }
    const newest = await log.head();
    expect(newest).toEqual(heads.get(20));
    for (const { registered, statement } of holders)
      for (const head of heads.values())
        if (head.size > registered.log.index)
          await log.requireIncluded(logEntryOf(statement), registered.log.index, head);
    for (const from of heads.values())
      for (const to of heads.values()) if (from.size <= to.size) await log.requireConsistent(from, to);

    const byIndex = holders.toSorted((a, b) => a.registered.log.index - b.registered.log.index);
    expect(await log.entries(0, 20)).toEqual(byIndex.map(({ statement }) => logEntryOf(statement)));
    expect(await log.entries(19, 20)).toEqual([logEntryOf(byIndex[19]?.statement as never)]);
  });

  it('proves all of an account’s keys against its newest head', async () => {
    const ada = await signUpWithKeys(server);
    const second = await state(ada, await makeKeys(), succeeding(ada));
    await ada.browser.post('/api/crypto/generate-keys', { statement: second.json });
    await signUpWithKeys(server);
    const { body } = await ada.browser.get(`/api/crypto/keys/${ada.user.id}`);
    const newest = await log.head();
    for (const [i, statement] of [ada.statement, second].entries()) {
      const { index, size, checkpoint, hashes } = body.keys[i].log;
      expect(size).toBe(newest.size);
      expect(await log.verify(checkpoint)).toEqual(newest);
      await log.requireIncluded(logEntryOf(statement), index, newest, hashes);
    }
  });

  it('takes one of two first statements that come at once, at different replicas', async () => {
    const ada = await signUp(server);
    const browsers = [server, twin].map(({ baseUrl }) => {
      const browser = ada.browser.clone();
      return Object.assign(browser, { baseUrl });
    });
    const before = await log.head();
    const statements = await Promise.all(browsers.map(async () => state(ada, await makeKeys())));
    const answers = await Promise.all(
      browsers.map((browser, i) =>
        browser.post('/api/crypto/generate-keys', { statement: statements[i]?.json }),
      ),
    );
    expect(answers.map(({ status }) => `${status}`).toSorted()).toEqual(['201', '409']);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('key_version_conflict');
    expect((await log.head()).size).toBe(before.size + 1);
  });

  it('takes one of two people’s statements with the same key that come at once', async () => {
    const people = await Promise.all([signUp(server), signUp(twin)]);
    const { encryption } = await makeKeys();
    const before = await log.head();
    const answers = await Promise.all(
      people.map(async (person) => {
        const { signing } = await makeKeys();
        const { json } = await state(person, { encryption, signing });
        return person.browser.post('/api/crypto/generate-keys', { statement: json });
      }),
    );
    expect(answers.map(({ status }) => `${status}`).toSorted()).toEqual(['201', '409']);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('key_already_registered');
    expect((await log.head()).size).toBe(before.size + 1);
  });

  it.each([
    ['proof/inclusion?index=0&size=0', 'out_of_range'],
    ['proof/inclusion?index=3&size=3', 'out_of_range'],
    ['proof/inclusion?index=0&size=100000', 'out_of_range'],
    ['proof/inclusion?index=-1&size=3', 'validation_failed'],
    ['proof/inclusion?index=1.5&size=3', 'validation_failed'],
    ['proof/inclusion?index=0x1&size=3', 'validation_failed'],
    ['proof/inclusion?index=&size=3', 'validation_failed'],
    ['proof/inclusion?index=9007199254740992&size=9007199254740993', 'validation_failed'],
    ['proof/inclusion?size=3', 'validation_failed'],
    ['proof/inclusion?index=0&index=1&size=3', 'malformed_request'],
    ['proof/inclusion?index=0&size=3&more=1', 'validation_failed'],
    ['proof/consistency?from=0&to=3', 'out_of_range'],
    ['proof/consistency?from=3&to=2', 'out_of_range'],
    ['proof/consistency?from=1&to=100000', 'out_of_range'],
    ['proof/consistency?from=1', 'validation_failed'],
    ['entries?start=0&end=100000', 'out_of_range'],
    ['entries?start=2&end=2', 'out_of_range'],
    ['entries?start=2&end=1', 'out_of_range'],
    ['entries?start=a&end=2', 'validation_failed'],
  ])('refuses %s as %s', async (path, code) => {
    const answer = await server.browser().get(`/api/log/${path}`);
    expect(answer).toMatchObject({ status: 400, body: { code } });
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  it('gives at most 1 000 entries at once', async () => {
    const size = (await log.head()).size;
    await server.database.query('UPDATE key_log_head SET size = 5000');
    const tooMany = await server.browser().get('/api/log/entries?start=0&end=1001');
    expect(tooMany).toMatchObject({ status: 400, body: { code: 'out_of_range' } });
    expect((await server.browser().get('/api/log/entries?start=0&end=1000')).status).toBe(200);
    await server.database.query('UPDATE key_log_head SET size = $1', [size]);
  });

  it('keeps its leaves over a restart, and signs its head under the new name where the URL changes', async () => {
    const before = await server.browser().get('/api/log/checkpoint');
    const again = await startTestApp({}, server.database);
    expect((await again.browser().get('/api/log/checkpoint')).body).toBe(before.body);
    await again.close();

    const moved = await startTestApp({ PUBLIC_URL: 'https://seal.example.org:8443' }, server.database);
    const reader = new LogReader(moved.browser());
    const old = await log.verify(before.body);
    expect(await reader.head()).toEqual({ ...old, origin: 'seal.example.org:8443/log' });
    await moved.close();
    const back = await startTestApp({ PUBLIC_URL }, server.database);
    expect((await back.browser().get('/api/log/checkpoint')).body).toBe(before.body);
    await back.close();
  });
});
