import { logEntryOf, parseVerifierKey } from '@sealgate/protocol';
import { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runVerifyLog } from '../../src/commands/verify-log.js';
import { KeyLog } from '../../src/crypto/key-log/key-log.service.js';
import { SECRETS } from '../support/secrets.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { makeKeys, signUpWithKeys, state, succeeding, type KeyHolder } from './key-holder.js';

const TABLES = ['key_log_head', 'key_log_leaves', 'key_log_nodes', 'key_statements', 'account_kids'];
const OTHER_KEY = 'localhost:3000/log+f172fbb8+AW534KP/HyN+Jmbk5rrIouWUcRpK3zQ/9oCjCnRrdtCs';

let server: TestApp;
let ada: KeyHolder;
let bob: KeyHolder;
/** Deleted: the log keeps hashes of keys that nobody has any more. */
let carol: KeyHolder;

// Leaves 0 to 6: Ada, Bob, Carol, Ada's second, four others: nodes up to level 2.
beforeAll(async () => {
  server = await startTestApp();
  [ada, bob, carol] = [
    await signUpWithKeys(server),
    await signUpWithKeys(server),
    await signUpWithKeys(server),
  ];
  const second = await state(ada, await makeKeys(), succeeding(ada));
  expect((await ada.browser.post('/api/crypto/generate-keys', { statement: second.json })).status).toBe(201);
  for (let i = 0; i < 3; i += 1) await signUpWithKeys(server);
  expect((await carol.browser.delete('/api/users/me', { password: carol.password })).status).toBe(204);
  await server.database.query('CREATE SCHEMA kept');
  for (const table of TABLES)
    await server.database.query(`CREATE TABLE kept.${table} AS SELECT * FROM ${table}`);
});
afterAll(() => server.close());

/** As somebody with the superuser's rights can: without constraints. */
const tamper = (sql: string): Promise<unknown> =>
  server.database.query(
    `SET session_replication_role = replica; ${sql}; SET session_replication_role = DEFAULT`,
  );

afterEach(() =>
  tamper(
    `TRUNCATE ${TABLES.join(', ')}; ${TABLES.map((table) => `INSERT INTO ${table} SELECT * FROM kept.${table}`).join('; ')}`,
  ),
);

async function verify(...args: string[]): Promise<{ status: number; said: string; complained: string }> {
  let said = '';
  let complained = '';
  const status = await runVerifyLog(
    args,
    { NODE_ENV: 'test', DATABASE_URL: server.database.url, ...SECRETS },
    (line) => void (said += `${line}\n`),
    (line) => void (complained += `${line}\n`),
  );
  return { status, said, complained };
}

describe('npm run log:verify', () => {
  it('finds an untouched log in order, and says what it has seen', async () => {
    const { status, said, complained } = await verify();
    expect(complained).toContain('leaves: 7');
    expect(status).toBe(0);
    const key = (await server.browser().get('/api/log/key')).body;
    expect(said).toMatch(
      new RegExp(
        String.raw`^The key log fits: 7 leaves, 11 nodes, 6 statements, 14 keys\nroot [0-9a-f]{64}\nsigned by `,
      ),
    );
    expect(said).toContain(`signed by ${key}\n`);
    expect((await verify('--key', key)).status).toBe(0);
  });

  it('writes nothing', async () => {
    const digest = async (): Promise<unknown> =>
      Promise.all(
        TABLES.map((table) =>
          server.database.query(`SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM ${table} t`),
        ),
      );
    const before = await digest();
    await verify();
    expect(await digest()).toEqual(before);
  });

  it('finds an empty log in order', async () => {
    const empty = await startTestApp();
    const status = await runVerifyLog(
      [],
      { NODE_ENV: 'test', DATABASE_URL: empty.database.url, ...SECRETS },
      () => undefined,
      () => undefined,
    );
    expect(status).toBe(0);
    await empty.close();
  });

  it.each<[string, () => string, () => string]>([
    ['a leaf’s hash', () => `UPDATE key_log_leaves SET statement_hash = sha256('x') WHERE index = 1`, () => 'key_log_leaves, index 1: '],
    ['a leaf’s hash of a deleted account', () => `UPDATE key_log_leaves SET statement_hash = sha256('x') WHERE index = 2`, () => 'key_log_leaves, index 2: '],
    ['a leaf’s account', () => `UPDATE key_log_leaves SET user_id = '${bob.user.id}', version = 7 WHERE index = 4`, () => 'key_log_leaves, index 4: '],
    ['a leaf’s version', () => 'UPDATE key_log_leaves SET version = 9 WHERE index = 3', () => 'key_log_leaves, index 3: '],
    ['a leaf that is gone', () => 'DELETE FROM key_log_leaves WHERE index = 5', () => 'key_log_leaves, index 5: is missing'],
    ['the last leaf that is gone', () => 'DELETE FROM key_log_leaves WHERE index = 6', () => 'key_log_leaves, index 6: is missing'],
    ['a leaf too many', () => `INSERT INTO key_log_leaves VALUES (7, '${bob.user.id}', 2, sha256('x'), now())`, () => 'key_log_leaves, index 7: is beyond the head'],
    ['a leaf before the first', () => `INSERT INTO key_log_leaves VALUES (-1, '${bob.user.id}', 2, sha256('x'), now())`, () => 'key_log_leaves, index -1: '],
    ['a leaf’s node', () => `UPDATE key_log_nodes SET hash = sha256('x') WHERE level = 0 AND index = 3`, () => 'key_log_nodes, level 0, index 3: '],
    ['an inner node', () => `UPDATE key_log_nodes SET hash = sha256('x') WHERE level = 1 AND index = 2`, () => 'key_log_nodes, level 1, index 2: '],
    ['the top node', () => `UPDATE key_log_nodes SET hash = sha256('x') WHERE level = 2`, () => 'key_log_nodes, level 2, index 0: '],
    ['a node that is gone', () => 'DELETE FROM key_log_nodes WHERE level = 1 AND index = 1', () => 'key_log_nodes, level 1, index 1: is missing'],
    ['a node too many', () => `INSERT INTO key_log_nodes VALUES (1, 3, sha256('x'))`, () => 'key_log_nodes, level 1, index 3: the tree has no such node'],
    ['a node of a level that no tree has', () => `INSERT INTO key_log_nodes VALUES (54, 0, sha256('x'))`, () => 'key_log_nodes, level 54, index 0: '],
    ['the head’s size', () => 'UPDATE key_log_head SET size = 6', () => 'key_log_head, id 1: its size'],
    ['the head’s root', () => `UPDATE key_log_head SET root = sha256('x')`, () => 'key_log_head, id 1: its root'],
    ['the head’s note', () => `UPDATE key_log_head SET checkpoint = replace(checkpoint, 'localhost', 'localhosT')`, () => 'key_log_head, id 1: its note'],
    ['a head that is gone', () => 'DELETE FROM key_log_head', () => 'key_log_head, id 1: is missing'],
    ['a statement’s payload', () => `UPDATE key_statements SET statement = jsonb_set(statement, '{payload}', (SELECT statement -> 'payload' FROM key_statements WHERE user_id = '${bob.user.id}')) WHERE user_id = '${ada.user.id}' AND version = 1`, () => `key_statements, user_id ${ada.user.id}, version 1: `],
    ['a statement’s signature', () => `UPDATE key_statements SET statement = jsonb_set(statement, '{signatures,1,signature}', statement #> '{signatures,0,signature}') WHERE user_id = '${ada.user.id}' AND version = 2`, () => `key_statements, user_id ${ada.user.id}, version 2: the statement is not right`],
    ['a statement that is gone', () => `DELETE FROM key_statements WHERE user_id = '${bob.user.id}'`, () => `key_statements, user_id ${bob.user.id}, version 1: is missing`],
    ['a statement’s hash', () => `UPDATE key_statements SET payload_hash = sha256('x') WHERE user_id = '${bob.user.id}'`, () => `key_statements, user_id ${bob.user.id}, version 1: payload_hash`],
    ['a statement’s kid', () => `UPDATE key_statements SET kid_encryption = 'x' WHERE user_id = '${bob.user.id}'`, () => `key_statements, user_id ${bob.user.id}, version 1: kid_encryption`],
    ['a statement’s signing kid', () => `UPDATE key_statements SET kid_signing = 'x' WHERE user_id = '${bob.user.id}'`, () => `key_statements, user_id ${bob.user.id}, version 1: kid_signing`],
    ['a statement’s reset', () => `UPDATE key_statements SET reset = true WHERE user_id = '${bob.user.id}'`, () => `key_statements, user_id ${bob.user.id}, version 1: reset`],
    ['a statement’s place in the log', () => `UPDATE key_statements SET log_index = 40 WHERE user_id = '${bob.user.id}'`, () => `key_statements, user_id ${bob.user.id}, version 1: log_index`],
    ['a kid', () => `UPDATE account_kids SET kid = 'x' WHERE user_id = '${bob.user.id}' AND use = 'sig'`, () => 'account_kids, kid x: '],
    ['a kid that is gone', () => `DELETE FROM account_kids WHERE user_id = '${bob.user.id}' AND use = 'enc'`, () => `account_kids, user_id ${bob.user.id}, version 1, use enc: is missing`],
    ['a kid of a deleted account that is gone', () => `DELETE FROM account_kids WHERE user_id = '${carol.user.id}' AND use = 'sig'`, () => `account_kids, user_id ${carol.user.id}, version 1, use sig: is missing`],
    ['a kid too many', () => `INSERT INTO account_kids VALUES ('y', '${bob.user.id}', 2, 'enc')`, () => 'account_kids, kid y: no leaf'],
  ])('names %s', async (_, sql, row) => {
    await tamper(sql());
    const { status, said, complained } = await verify();
    expect(complained).toContain(`The key log does not fit.\n${row()}`);
    expect(said).toBe('');
    expect(status).toBe(1);
  }); // prettier-ignore

  it('finds a head that somebody else has signed, by the key that was written down outside', async () => {
    await parseVerifierKey(OTHER_KEY);
    const { status, complained } = await verify('--key', OTHER_KEY);
    expect(complained).toContain(
      'key_log_head, id 1: its note is not right: the note is not signed by this key',
    );
    expect(status).toBe(1);
  });

  it('finds a version that does not follow in a log that is otherwise in order', async () => {
    const leaf = { ...logEntryOf(carol.statement), version: 3 };
    await server.app.get(DataSource).transaction((tx) => server.app.get(KeyLog).append(tx, leaf));
    const { status, complained } = await verify();
    expect(complained).toContain('key_log_leaves, index 7: is version 3 of its account, 2 comes next');
    expect(status).toBe(1);
  });

  it('sees one moment while registrations go on at two replicas', async () => {
    const twin = await startTestApp({}, server.database);
    const traffic = { isDone: false };
    const registering = Promise.all(
      [server, twin].map(async (replica) => {
        for (let i = 0; i < 6; i += 1) await signUpWithKeys(replica);
      }),
    ).finally(() => (traffic.isDone = true));
    while (!traffic.isDone) {
      const { status, complained } = await verify();
      expect(status, complained).toBe(0);
    }
    await registering;
    const { said } = await verify();
    expect(said).toContain('19 leaves');
    await twin.close();
  });

  it.each([[['--nonsense']], [['--key']], [['--key', 'x']], [['--key', OTHER_KEY, 'more']]])(
    'says how it is used, given %j',
    async (args) => {
      const { status, complained } = await verify(...args);
      expect(status).toBe(64);
      expect(complained).toContain('npm run log:verify');
    },
  );
});
