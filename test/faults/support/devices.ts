import type { Browser } from '../../support/browser.js';
import { login, type Person } from '../../support/people.js';
import type { TestApp } from '../../support/test-app.js';
import { pause, RETRY_MS } from './pace.js';
import type { Tally } from './tally.js';

type Server = Pick<TestApp, 'browser'>;

/** A signed-out device must be refused everywhere this long after the answer (api.md §2), plus what the test takes. */
const ENDED_MS = 1_000;

/** A device that keeps its session alive: refreshes, asks who it is, and must never be sent to the sign-in. */
export async function stayIn(
  server: Server,
  person: Person,
  tally: Tally,
  isOver: () => boolean,
): Promise<void> {
  const { browser } = await login(server, person);
  while (!isOver()) {
    await tally.ask('a refresh', () => browser.post('/auth/refresh', {}), [200]);
    await tally.ask('who am I', () => browser.get('/auth/me'), [200]);
    await pause(2 * RETRY_MS);
  }
}

/** Devices that sign in and out again; every one that did keeps trying its old token. */
export class Leavers {
  private readonly left: { browser: Browser; at: number }[] = [];

  constructor(
    private readonly server: Server,
    private readonly person: Person,
    private readonly tally: Tally,
  ) {}

  get count(): number {
    return this.left.length;
  }

  async comeAndGo(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      const browser = this.server.browser();
      const { email } = this.person.user;
      const signIn = () => browser.post('/auth/login', { email, password: this.person.password });
      if ((await this.tally.ask('a sign-in', signIn, [200])) !== null) await this.leave(browser);
      await pause(2 * RETRY_MS);
    }
  }

  async tryAgain(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      const since = performance.now() - ENDED_MS;
      // The newest ones: it is those that a replica may have missed.
      for (const { browser } of this.left.filter(({ at }) => at < since).slice(-5))
        await this.tally.ask('a token that was revoked', () => browser.get('/auth/me'), [401]);
      await pause();
    }
  }

  private async leave(browser: Browser): Promise<void> {
    const thief = browser.clone();
    while ((await this.tally.ask('a sign-out', () => browser.clone().post('/auth/logout'), [204])) === null)
      await pause(RETRY_MS);
    this.left.push({ browser: thief, at: performance.now() });
  }
}
