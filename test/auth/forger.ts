import { afterAll, beforeAll, expect } from 'vitest';
import { signUp, type Person } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { cookieOf, forge, present, serverKey, type Changes } from './tokens.js';

/** A server, somebody signed in, and what a forger does with their access token. */
export interface Forger {
  readonly server: TestApp;
  readonly person: Person;
  readonly token: string;
  /** Changed and signed with the server's own key: only the change can be what is refused. */
  genuine(changes: Changes): Promise<string>;
  /** As bearer and as cookie. */
  expectRefused(forged: string): Promise<void>;
}

/** Starts with the test file and stops with it; the members are there within tests. */
export function useForger(): Forger {
  let server: TestApp;
  let person: Person;
  let token: string;
  beforeAll(async () => {
    server = await startTestApp();
    person = await signUp(server);
    token = cookieOf(person.browser, 'jwt');
  });
  afterAll(() => server.close());
  return {
    get server() {
      return server;
    },
    get person() {
      return person;
    },
    get token() {
      return token;
    },
    genuine: (changes) => forge(token, changes, serverKey(server).privateKey),
    expectRefused: async (forged) => {
      for (const answer of await present(server, forged)) {
        expect(answer, forged.slice(0, 200)).toMatchObject({
          status: 401,
          body: { code: 'unauthenticated' },
        });
        expect(answer.setCookies).toEqual([]);
      }
    },
  };
}
