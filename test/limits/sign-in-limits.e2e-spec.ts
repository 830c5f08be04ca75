import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Answer } from '../support/browser.js';
import { newUsername, register, type Person } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let server: TestApp;
let neighbours = 0;
beforeAll(async () => {
  server = await startTestApp({ RATE_LIMIT_FACTOR: '1', TRUSTED_PROXIES: '1' });
});
afterAll(() => server.close());
afterEach(() => {
  vi.useRealTimers();
});

/** An address that no other test uses. */
function newAddress(): string {
  neighbours += 1;
  return `198.51.${Math.floor(neighbours / 250)}.${(neighbours % 250) + 1}`;
}

function from(address: string): Record<string, string> {
  return { 'x-forwarded-for': address };
}

function tryPassword(email: string, password: string, address: string): Promise<Answer> {
  return server.browser(from(address)).post('/auth/login', { email, password });
}

async function fail(email: string, times: number, address: string): Promise<number[]> {
  const statuses: number[] = [];
  for (let i = 0; i < times; i++) statuses.push((await tryPassword(email, 'wrong password', address)).status);
  return statuses;
}

const REFUSED = Array.from({ length: 10 }, () => 401);

/** The store counts by the machine's clock. */
function letPass(seconds: number): void {
  const now = Date.now();
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(now + seconds * 1000);
}

/** Failures of many addresses, as far as an account or the whole server bears. */
async function failFromManyAddresses(email: string, addresses: number): Promise<void> {
  for (let i = 0; i < addresses; i++) await fail(email, 10, newAddress());
}

describe('guessing from one address', () => {
  it('answers 429 with retry-after and the RateLimit fields after ten failures in a minute', async () => {
    const address = newAddress();
    const statuses: number[] = [];
    for (let i = 0; i < 10; i++) statuses.push(...(await fail(`${newUsername()}@example.org`, 1, address)));
    expect(statuses).toEqual(REFUSED);
    const refused = await tryPassword(`${newUsername()}@example.org`, 'wrong password', address);
    expect(refused.status).toBe(429);
    expect(refused.body.code).toBe('rate_limited');
    expect(refused.headers.get('ratelimit-policy')).toBe('"login-ip";q=10;w=60');
    const [, seconds] = /^"login-ip";r=0;t=(\d+)$/.exec(refused.headers.get('ratelimit') ?? '') ?? [];
    expect(Number(seconds)).toBeGreaterThan(0);
    expect(Number(seconds)).toBeLessThanOrEqual(60);
    expect(refused.headers.get('retry-after')).toBe(seconds);
  });

  it('lets everybody else in meanwhile, and the address again when the minute is over', async () => {
    const person = await register(server, { headers: from(newAddress()) });
    const address = newAddress();
    for (let i = 0; i < 10; i++) await fail(`${newUsername()}@example.org`, 1, address);
    expect((await tryPassword(person.user.email, person.password, newAddress())).status).toBe(200);
    expect((await tryPassword(person.user.email, person.password, address)).status).toBe(429);
    letPass(61);
    expect((await tryPassword(person.user.email, person.password, address)).status).toBe(200);
  });

  it('counts failures only: forty people sign in at once from one address', async () => {
    const address = newAddress();
    const people = await Promise.all(
      Array.from({ length: 40 }, () => register(server, { headers: from(newAddress()) })),
    );
    const answers = await Promise.all(
      people.map(({ user, password }) => tryPassword(user.email, password, address)),
    );
    expect(answers.map(({ status }) => status)).toEqual(people.map(() => 200));
  });

  it('counts a /64 of IPv6 as one address', async () => {
    const email = `${newUsername()}@example.org`;
    for (let i = 1; i <= 10; i++) await fail(email, 1, `2001:db8:7:7::${i}`);
    expect(await fail(email, 1, '2001:db8:7:7:ffff::1')).toEqual([429]);
    expect(await fail(email, 1, '2001:db8:7:8::1')).toEqual([401]);
  });

  it('takes an IPv4 address and the same one mapped into IPv6 for one', async () => {
    const email = `${newUsername()}@example.org`;
    await fail(email, 10, '203.0.113.77');
    expect(await fail(email, 1, '::ffff:203.0.113.77')).toEqual([429]);
  });
});

describe('guessing one account', () => {
  it('answers 429 after ten failures of one address in 15 minutes, also once its minute is over', async () => {
    const { user } = await register(server, { headers: from(newAddress()) });
    const address = newAddress();
    expect(await fail(user.email, 10, address)).toEqual(REFUSED);
    letPass(61);
    const refused = await tryPassword(user.email, 'wrong password', address);
    expect(refused.status).toBe(429);
    // Which of the limits it was, and of whom, is not told.
    expect(refused.headers.get('ratelimit-policy')).toBe('"login-ip";q=10;w=60');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(60);
  });

  it('begins anew for the pair after a success', async () => {
    const { user, password } = await register(server, { headers: from(newAddress()) });
    const address = newAddress();
    await fail(user.email, 9, address);
    expect((await tryPassword(user.email, password, address)).status).toBe(200);
    letPass(61);
    expect(await fail(user.email, 9, address)).toEqual(REFUSED.slice(1));
  });

  it('answers an unknown and a known e-mail alike, also beside each other', async () => {
    const home = newAddress();
    const { user } = await register(server, { headers: from(home) });
    const unknown = `${newUsername()}@example.org`;
    for (const address of [home, newAddress()]) {
      const known: number[] = [];
      const nobody: number[] = [];
      for (let i = 0; i < 7; i++) {
        known.push(...(await fail(user.email, 1, address)));
        nobody.push(...(await fail(unknown, 1, address)));
      }
      expect(known).toEqual([401, 401, 401, 401, 401, 429, 429]);
      expect(nobody).toEqual(known);
    }
  });

  it('does not lock an account for others because one address fails for an hour', async () => {
    const { user, password } = await register(server, { headers: from(newAddress()) });
    const stranger = newAddress();
    for (let quarter = 0; quarter < 4; quarter++) {
      await fail(user.email, 14, stranger);
      letPass(15 * 60 + 1);
    }
    expect((await tryPassword(user.email, password, newAddress())).status).toBe(200);
  });
});

describe('guessing one account from many addresses', () => {
  let owner: Person;
  let home: string;
  beforeAll(async () => {
    home = newAddress();
    owner = await register(server, { headers: from(home) });
    await failFromManyAddresses(owner.user.email, 5);
  });

  it('locks it for addresses that it was never signed in from, also with the right password', async () => {
    const refused = await tryPassword(owner.user.email, owner.password, newAddress());
    expect(refused.status).toBe(429);
    expect(refused.headers.get('ratelimit-policy')).toBe('"login-ip";q=10;w=60');
  });

  it('does not lock the owner out at home, who may even mistype', async () => {
    expect(await fail(owner.user.email, 2, home)).toEqual([401, 401]);
    expect((await tryPassword(owner.user.email, owner.password, home)).status).toBe(200);
  });

  it('locks an e-mail that nobody has in the same way', async () => {
    const unknown = `${newUsername()}@example.org`;
    await failFromManyAddresses(unknown, 5);
    expect(await fail(unknown, 1, newAddress())).toEqual([429]);
  });

  it('forgets a home after 30 days', async () => {
    const { user, password } = await register(server, { headers: from(home) });
    await failFromManyAddresses(user.email, 5);
    server.clock.advance(31 * 24 * 3600);
    expect((await tryPassword(user.email, password, home)).status).toBe(429);
    server.clock.advance(-31 * 24 * 3600);
    expect((await tryPassword(user.email, password, home)).status).toBe(200);
  });
});

describe('a raised RATE_LIMIT_FACTOR', () => {
  it('lets one address fail more often, and still add too little to lock an account', async () => {
    const generous = await startTestApp({ RATE_LIMIT_FACTOR: '100', TRUSTED_PROXIES: '1' });
    const { user, password } = await register(generous, { headers: from('192.0.2.1') });
    const send = (tried: string, address: string): Promise<Answer> =>
      generous.browser(from(address)).post('/auth/login', { email: user.email, password: tried });
    for (let i = 0; i < 60; i++) expect((await send('wrong password', '192.0.2.2')).status).toBe(401);
    expect((await send(password, '192.0.2.3')).status).toBe(200);
    // The quota of the account itself is not raised.
    for (let i = 4; i < 9; i++) for (let n = 0; n < 10; n++) await send('wrong password', `192.0.2.${i}`);
    expect((await send(password, '192.0.2.9')).status).toBe(429);
    await generous.close();
  });
});
