import { parseKeyStatement, verifyStatementChain } from '@sealgate/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NotificationBus, type BusEvent } from '../../src/database/notification-bus.js';
import { newId } from '../../src/common/ids.js';
import { signUp } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { makeKeys, signUpWithKeys, state, succeeding } from './key-holder.js';

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp();
});
afterAll(() => server.close());

describe('account keys', () => {
  it('are registered by their owner and shown to everybody else, byte by byte', async () => {
    const ada = await signUpWithKeys(server);
    expect(ada.registered).toEqual({
      version: 1,
      kids: ada.statement.kids,
      log: {
        index: expect.any(Number),
        size: ada.registered.log.index + 1,
        checkpoint: expect.stringMatching(/^localhost:3000\/log\n/),
        hashes: expect.any(Array),
      },
    });
    const bob = await signUp(server);
    const answer = await bob.browser.get(`/api/crypto/keys/${ada.user.id}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.body).toEqual({
      userId: ada.user.id,
      keys: [{ statement: ada.statement.json, log: expect.any(Object) }],
    });
  });

  it('are succeeded by keys that the old ones vouch for, and by others after a loss', async () => {
    const ada = await signUpWithKeys(server);
    const keys = await makeKeys();
    const second = await state(ada, keys, succeeding(ada));
    const rotated = await ada.browser.post('/api/crypto/generate-keys', { statement: second.json });
    expect(rotated).toMatchObject({ status: 201, body: { version: 2, kids: second.kids } });
    const third = await state(ada, await makeKeys(), {
      version: 3,
      previous: second.payloadHash,
      reset: true,
    });
    const reset = await ada.browser.post('/api/crypto/generate-keys', { statement: third.json });
    expect(reset).toMatchObject({ status: 201, body: { version: 3, kids: third.kids } });

    const { body } = await ada.browser.get(`/api/crypto/keys/${ada.user.id}`);
    const statements = body.keys.map((entry: { statement: unknown }) => entry.statement);
    expect(statements).toEqual([ada.statement.json, second.json, third.json]);
    const chain = await Promise.all(statements.map(parseKeyStatement));
    await expect(verifyStatementChain(chain as never, ada.user.id)).resolves.toHaveLength(3);

    const { body: events } = await ada.browser.get('/auth/events');
    const types = events.items.map((event: { type: string }) => event.type);
    expect(types.filter((type: string) => type.startsWith('keys'))).toEqual([
      'keys_reset',
      'keys_registered',
      'keys_registered',
    ]);
  });

  it('are announced to every replica with their registration, and not where it is refused', async () => {
    const heard: BusEvent[] = [];
    server.app.get(NotificationBus).on('keys', (event) => void heard.push(event));
    const ada = await signUpWithKeys(server);
    await ada.browser.post('/api/crypto/generate-keys', { statement: ada.statement.json });
    const bob = await signUpWithKeys(server);
    await expect
      .poll(() => heard)
      .toEqual([ada, bob].map(({ user }) => ({ type: 'keys', userId: user.id, version: 1 })));
  });

  it('are an empty list where there are none, and not found where there is nobody', async () => {
    const ada = await signUp(server);
    const own = await ada.browser.get(`/api/crypto/keys/${ada.user.id.toUpperCase()}`);
    expect(own).toMatchObject({ status: 200, body: { userId: ada.user.id, keys: [] } });
    for (const id of [newId(), 'ada', ada.user.username])
      expect(await ada.browser.get(`/api/crypto/keys/${id}`)).toMatchObject({
        status: 404,
        body: { code: 'not_found' },
      });
  });

  it('are closed to those who are not signed in', async () => {
    const ada = await signUp(server);
    for (const answer of [
      await server.browser().get(`/api/crypto/keys/${ada.user.id}`),
      await server.browser().post('/api/crypto/generate-keys', { statement: {} }),
      await server.browser().post('/api/crypto/generate-keys'),
    ])
      expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  });
});
