import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NotificationBus } from '../../src/database/notification-bus.js';
import { login, signUp } from '../support/people.js';
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

/** Cuts the connections over which replicas hear of revocations; they come back by themselves. */
async function cutBuses(): Promise<void> {
  const cut = await here.database.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE application_name = 'sealgate-bus' AND datname = current_database()`,
  );
  expect(cut.length).toBeGreaterThan(0);
}

describe('hiding a revocation from a replica', () => {
  it('refuses a session that was revoked on the other replica while nothing was heard here', async () => {
    const person = await signUp(here);
    const thief = await login(here, person);
    const { id } = (await thief.browser.get('/auth/me')).body.session;
    const elsewhere = there.browser();
    for (const [name, cookie] of person.browser.cookies) elsewhere.cookies.set(name, cookie);

    await cutBuses();
    const bus = here.app.get(NotificationBus);
    await until(1_000, async () => !bus.isFresh());
    expect((await elsewhere.delete(`/auth/sessions/${id}`)).status).toBe(204);
    expect((await thief.browser.get('/auth/me')).status).toBe(401);
    // The honest one goes on meanwhile: the row is asked.
    expect((await person.browser.get('/auth/me')).status).toBe(200);

    await until(10_000, async () => bus.isFresh());
    expect((await thief.browser.get('/auth/me')).status).toBe(401);
    expect((await person.browser.get('/auth/me')).status).toBe(200);
  });

  it('hears again after the connection was lost and found', async () => {
    await cutBuses();
    const buses = [here, there].map(({ app }) => app.get(NotificationBus));
    await until(1_000, async () => buses.every((bus) => !bus.isFresh()));
    await until(10_000, async () => buses.every((bus) => bus.isFresh()));
    const { browser } = await signUp(there);
    const twin = here.browser();
    for (const [name, cookie] of browser.cookies) twin.cookies.set(name, cookie);
    expect((await twin.get('/auth/me')).status).toBe(200);
    await browser.post('/auth/logout', {});
    await until(1_000, async () => (await twin.get('/auth/me')).status === 401);
  });

  it('answers 503 and lets nobody in where neither the bus nor the database can be asked', async () => {
    const proxy = await startProxy(here.database.url);
    const cutOff = await startTestApp({}, { ...here.database, url: proxy.url });
    try {
      const { browser } = await signUp(cutOff);
      const bus = cutOff.app.get(NotificationBus);
      await proxy.cut();
      await until(2_000, async () => !bus.isFresh());
      for (let i = 0; i < 3; i++)
        expect(await browser.get('/auth/me')).toMatchObject({
          status: 503,
          body: { code: 'service_unavailable' },
        });
      await proxy.restore();
      await until(10_000, async () => bus.isFresh());
      expect((await browser.get('/auth/me')).status).toBe(200);
    } finally {
      await cutOff.close();
      await proxy.cut();
    }
  });
});

/** The way to the database, with a pair of scissors. */
async function startProxy(databaseUrl: string) {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const proxy = createServer((incoming) => {
    const outgoing = connect(Number(target.port), target.hostname);
    for (const socket of [incoming, outgoing])
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    sockets.add(incoming).add(outgoing);
    incoming.pipe(outgoing).pipe(incoming);
  });
  const listen = (port: number) => new Promise<void>((resolve) => proxy.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = proxy.address() as AddressInfo;
  const own = new URL(databaseUrl);
  own.host = `127.0.0.1:${port}`;
  return {
    url: own.href,
    restore: () => listen(port),
    cut: () =>
      new Promise<void>((resolve) => {
        proxy.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
