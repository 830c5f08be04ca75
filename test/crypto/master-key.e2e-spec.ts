import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/common/ids.js';
import { SecretBox } from '../../src/crypto/at-rest/secret-box.js';
import { cloneDatabase, type TestDatabase } from '../support/database.js';
import { codeFor, login, register, signUpWith2fa, type Person } from '../support/people.js';
import { keys } from '../support/server-keys.js';
import { SECRETS } from '../support/secrets.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const OLD = SECRETS.MASTER_KEY;
const NEW = 'zV3nQ8wEr5tY1uI7oP2aS9dF4gH6jK0l';
const before = { MASTER_KEY: OLD, MASTER_KEY_PREVIOUS: '' };
const during = { MASTER_KEY: NEW, MASTER_KEY_PREVIOUS: OLD };
const after = { MASTER_KEY: NEW, MASTER_KEY_PREVIOUS: '' };
/** Nobody listens: mail stays in the outbox. */
const UNREACHABLE = { SMTP_URL: 'smtp://127.0.0.1:1' };

let database: TestDatabase;
const open = (settings: Record<string, string>): Promise<TestApp> =>
  startTestApp({ ...UNREACHABLE, ...settings }, database);

beforeAll(async () => {
  database = await cloneDatabase();
});
afterAll(() => database.drop());

/** Every `bytea` column of the whole schema that holds something under a master key, whoever put it there. */
async function columnsUnder(masterKey: string): Promise<string[]> {
  const columns = await database.query<{ name: string; table: string; column: string }>(
    `SELECT table_name || '.' || column_name AS name, quote_ident(table_name) AS table,
            quote_ident(column_name) AS column
     FROM information_schema.columns WHERE table_schema = 'public' AND data_type = 'bytea' ORDER BY 1`,
  );
  const id = new SecretBox(masterKey, null).currentKeyId;
  const found: string[] = [];
  for (const { name, table, column } of columns) {
    const sql = `SELECT 1 FROM ${table} WHERE substring(${column} FROM 2 FOR 4) = $1 LIMIT 1`;
    if ((await database.query(sql, [id])).length > 0) found.push(name);
  }
  return found;
}

/** Signs in on a new device, code included. */
async function signIn(server: TestApp, person: Person & { secret: string }): Promise<number> {
  const { browser, answer } = await login(server, person);
  expect(answer.body.next).toBe('2fa');
  // Each code counts once, and the servers' clocks stand alike: the next step is taken each time.
  server.clock.advance(60);
  return (await browser.post('/auth/2fa/verify', { code: codeFor(server, person.secret) })).status;
}

describe('changing the master key, from the first step to the last', () => {
  let people: (Person & { secret: string })[];
  let halfway: Person & { pending: string };
  let revoked: string;
  let drift = 0;
  const openLater = async (settings: Record<string, string>): Promise<TestApp> => {
    const server = await open(settings);
    // Codes that were used before this server started are spent.
    server.clock.advance((drift += 600));
    return server;
  };

  it('begins with secrets of every kind under the old one', async () => {
    const server = await openLater(before);
    people = [];
    for (let i = 0; i < 3; i++) people.push(await signUpWith2fa(server));
    const person = await register(server);
    const { secret } = (await person.browser.post('/auth/2fa/generate', {})).body;
    halfway = { ...person, pending: secret };
    const { keys: published } = (await server.browser().get('/.well-known/jwks.json')).body;
    revoked = published[1].kid;
    expect((await keys(database, ['revoke', revoked], before)).status).toBe(0);
    await server.close();
    expect(await columnsUnder(OLD)).toEqual([
      'mail_outbox.payload',
      'server_keys.private_key',
      'two_factor.pending_secret',
      'two_factor.secret',
    ]);
  });

  it('lets replicas with either order of the two keys serve side by side', async () => {
    const [one, other] = await Promise.all([
      open({ MASTER_KEY: OLD, MASTER_KEY_PREVIOUS: NEW }),
      openLater(during),
    ]);
    one.clock.advance(drift);
    const person = await signUpWith2fa(other);
    one.clock.advance(60);
    expect(await signIn(one, person)).toBe(200);
    people.push(person);
    for (const server of [one, other]) await server.close();
    expect(await columnsUnder(NEW)).toContain('two_factor.secret');
  });

  it('refuses to start on the new key alone before everything is under it, and on a wrong one, by name', async () => {
    await expect(open(after)).rejects.toThrow(/MASTER_KEY/);
    await expect(open(before)).rejects.toThrow(/two_factor\.secret|MASTER_KEY/);
    const wrong = { MASTER_KEY: randomBytes(32).toString('base64'), MASTER_KEY_PREVIOUS: '' };
    await expect(open(wrong)).rejects.toThrow(/MASTER_KEY is not the one/);
    expect(await keys(database, ['list'], wrong)).toMatchObject({ status: 78 });
  });

  it('re-encrypts everything while a replica serves, and counts it', async () => {
    const server = await openLater(during);
    const statuses: number[] = [];
    const end = new AbortController();
    const traffic = (async () => {
      while (!end.signal.aborted) for (const person of people) statuses.push(await signIn(server, person));
    })();
    const ran = await keys(database, ['re-encrypt'], during);
    end.abort();
    await traffic;
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
    expect(ran.status, ran.output).toBe(0);
    expect(ran.output).toMatch(/server_keys\.private_key: 7 re-encrypted\n/);
    expect(ran.output).toMatch(/two_factor\.secret: 3 re-encrypted\n/);
    expect(ran.output).toMatch(/two_factor\.pending_secret: 1 re-encrypted\n/);
    expect(ran.output).toMatch(/mail_outbox\.payload: \d+ re-encrypted\n/);
    expect(ran.output).not.toContain('left');
    await server.close();
    expect(await columnsUnder(OLD)).toEqual([]);
    const again = await keys(database, ['re-encrypt'], after);
    expect(again.output.match(/: 0 re-encrypted/g)).toHaveLength(4);
  });

  it('ends on the new key alone: sign-in with TOTP, an unconfirmed secret, waiting mail', async () => {
    const server = await openLater(after);
    for (const person of people) expect(await signIn(server, person)).toBe(200);
    const { browser } = await login(server, halfway);
    expect((await browser.post('/auth/2fa/enable', { code: codeFor(server, halfway.pending) })).status).toBe(
      200,
    );
    const waiting = await database.query<{ id: string; payload: Buffer }>(
      'SELECT id, payload FROM mail_outbox',
    );
    expect(waiting.length).toBeGreaterThan(0);
    const box = server.app.get(SecretBox);
    for (const { id, payload } of waiting)
      expect(JSON.parse(box.open(payload, `mail:${id}`).toString())).toHaveProperty('kind');
    await server.close();
  });
});

describe('re-encryption that meets trouble', () => {
  const old = new SecretBox(OLD, null);
  const secret = Buffer.from('JBSWY3DPEHPK3PXP');

  it('is finished by a second run; until then a start without the old key names what is missing', async () => {
    const [row] = await database.query<{ id: string }>('SELECT user_id AS id FROM two_factor LIMIT 1');
    await database.query('UPDATE two_factor SET pending_secret = $2 WHERE user_id = $1', [
      row?.id,
      old.seal(secret, `totp:${row?.id}`),
    ]);
    await expect(open(after)).rejects.toThrow(/two_factor\.pending_secret.*MASTER_KEY_PREVIOUS/);
    const ran = await keys(database, ['re-encrypt'], during);
    expect(ran.status).toBe(0);
    expect(ran.output).toMatch(/two_factor\.pending_secret: 1 re-encrypted\n/);
    expect(ran.output).toMatch(/two_factor\.secret: 0 re-encrypted\n/);
    await (await open(after)).close();
  });

  it('walks through as many rows as there are, and past those that it cannot read', async () => {
    const mails = Array.from({ length: 1_201 }, () => newId());
    const foreign = new Set([mails[0], mails[600], mails[1_200]]);
    await database.query(
      `INSERT INTO mail_outbox (id, kind, recipient, payload, attempts, next_attempt_at, expires_at, created_at)
       SELECT id, 'many', 'ada@example.org', payload, 0, now() + interval '1 day', now() + interval '1 day', now()
       FROM unnest($1::uuid[], $2::bytea[]) AS mail (id, payload)`,
      [mails, mails.map((id) => old.seal(secret, foreign.has(id) ? 'mail:another' : `mail:${id}`))],
    );
    const ran = await keys(database, ['re-encrypt'], during);
    expect(ran.status).toBe(1);
    expect(ran.output).toMatch(/mail_outbox\.payload: 1198 re-encrypted, 3 left, 3 of them unreadable\n/);
    expect(ran.output).toContain('keep MASTER_KEY_PREVIOUS');
    await database.query(`DELETE FROM mail_outbox WHERE id = ANY ($1::uuid[])`, [[...foreign]]);
    expect((await keys(database, ['re-encrypt'], during)).status).toBe(0);
    expect(await columnsUnder(OLD)).toEqual([]);
  });
});
