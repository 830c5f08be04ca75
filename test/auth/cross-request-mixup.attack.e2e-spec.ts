import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { register, signUp, type Person } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let server: TestApp;
let people: Person[];
beforeAll(async () => {
  server = await startTestApp();
  people = await Promise.all(Array.from({ length: 10 }, () => signUp(server)));
});
afterAll(() => server.close());

const person = (i: number) => people[i % people.length] as Person;

describe('being answered with somebody else’s identity', () => {
  it.each([
    ['known in memory', false],
    ['asked of the database, which takes its time', true],
  ])(
    'gives each of 200 interleaved requests of ten people its own account: revocations %s',
    async (_, isCut) => {
      if (isCut)
        await server.database.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE application_name = 'sealgate-bus' AND datname = current_database()`,
        );
      const answers = await Promise.all(
        Array.from({ length: 200 }, (_, i) =>
          person(i).browser.get(i % 3 === 0 ? '/api/users/me' : '/auth/me'),
        ),
      );
      answers.forEach((answer, i) => {
        expect(answer.status).toBe(200);
        expect((answer.body.user ?? answer.body).id).toBe(person(i).user.id);
      });
    },
  );

  it('lets nobody in through the requests of others', async () => {
    const pending = await register(server);
    const answers = await Promise.all(
      Array.from({ length: 120 }, (_, i) => {
        if (i % 3 === 1) return server.browser().get('/auth/me');
        if (i % 3 === 2) return pending.browser.get('/api/users/me');
        return person(i).browser.get('/auth/me');
      }),
    );
    answers.forEach((answer, i) => {
      const expected = [undefined, 'unauthenticated', 'second_factor_required'][i % 3];
      expect(answer.status).toBe(i % 3 === 0 ? 200 : 401);
      expect(answer.body.code).toBe(expected);
    });
  });

  it('settles and refreshes each session for its own account', async () => {
    const refreshed = await Promise.all(people.map(({ browser }) => browser.post('/auth/refresh', {})));
    expect(refreshed.map(({ status }) => status)).toEqual(Array(10).fill(200));
    const ids = await Promise.all(
      people.map(async ({ browser }) => (await browser.get('/auth/me')).body.user.id),
    );
    expect(ids).toEqual(people.map(({ user }) => user.id));
  });
});
