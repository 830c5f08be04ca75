import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NotificationBus } from '../../src/database/notification-bus.js';
import type { Browser } from '../support/browser.js';
import { signUp } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { until } from '../support/until.js';

let here: TestApp;
let there: TestApp;
beforeAll(async () => {
  here = await startTestApp();
  there = await startTestApp({}, here.database);
});
afterAll(async () => {
  await there.close();
  await here.close();
});

async function nameAt(browser: Browser): Promise<string> {
  return (await browser.get('/auth/me')).body.user.displayName;
}

/** The same session, at the other replica. */
function twinOf(browser: Browser): Browser {
  const twin = there.browser();
  for (const [name, cookie] of browser.cookies) twin.cookies.set(name, cookie);
  return twin;
}

const rename = (id: string, name: string): Promise<unknown> =>
  here.database.query('UPDATE users SET display_name = $2 WHERE id = $1', [id, name]);

describe('accounts that are remembered between requests', () => {
  it('show a change at once to whoever made it', async () => {
    const { browser } = await signUp(here);
    for (let i = 0; i < 20; i++) {
      await browser.get('/auth/me');
      expect((await browser.patch('/api/users/me', { displayName: `Ada ${i}` })).status).toBe(200);
      expect(await nameAt(browser)).toBe(`Ada ${i}`);
    }
  });

  it('show it on another replica within a second', async () => {
    const { browser } = await signUp(here);
    const twin = twinOf(browser);
    await nameAt(twin);
    await browser.patch('/api/users/me', { displayName: 'Grace' });
    await until(1_000, async () => (await nameAt(twin)) === 'Grace');
  });

  it('show what somebody changed past the server', async () => {
    const { browser, user } = await signUp(here);
    await nameAt(browser);
    await rename(user.id, 'Edsger');
    await until(1_000, async () => (await nameAt(browser)) === 'Edsger');
    await here.database.query('UPDATE users SET suspended_at = now() WHERE id = $1', [user.id]);
    await until(1_000, async () => (await browser.get('/auth/me')).status === 401);
  });

  it('are not believed while no notices arrive, nor afterwards what was missed', async () => {
    const { browser, user } = await signUp(here);
    await nameAt(browser);
    const bus = here.app.get(NotificationBus);
    await here.database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'sealgate-bus' AND datname = current_database()`,
    );
    await until(1_000, async () => !bus.isFresh());
    await rename(user.id, 'Barbara');
    expect(await nameAt(browser)).toBe('Barbara');
    await until(10_000, async () => bus.isFresh());
    expect(await nameAt(browser)).toBe('Barbara');
  });
});
