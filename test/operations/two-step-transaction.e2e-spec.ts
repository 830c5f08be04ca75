import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isDatabaseUnavailable } from '../../src/common/problem/database-unavailable.js';
import { createDataSource } from '../../src/database/data-source.js';
import { PoolConnections } from '../../src/database/pool-connections.js';
import { prepared } from '../../src/database/rows.js';
import { inTwoSteps, type Rows, type Statement } from '../../src/database/two-step-transaction.js';
import { cloneDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
let db: DataSource;
beforeAll(async () => {
  database = await cloneDatabase();
  db = await createDataSource(database.url, 2, { entities: [], migrations: [] }).initialize();
  await db.query('CREATE TABLE balances_of (id int PRIMARY KEY, balance int NOT NULL CHECK (balance >= 0))');
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});
beforeEach(async () => {
  await db.query('TRUNCATE balances_of');
  await db.query('INSERT INTO balances_of VALUES (1, 10), (2, 0)');
});

const lock: Statement = {
  sql: prepared('lock', 'SELECT balance FROM balances_of WHERE id = $1 FOR UPDATE'),
  parameters: [1],
};
const look: Statement = {
  sql: prepared('look', 'SELECT sum(balance)::int AS all FROM balances_of'),
  parameters: [],
};
const add = (id: number, amount: number): Statement => ({
  sql: prepared('add', 'UPDATE balances_of SET balance = balance + $2 WHERE id = $1'),
  parameters: [id, amount],
});
const broken: Statement = { sql: prepared('broken', 'SELECT 1 / $1::int'), parameters: [0] };

const balances = async (): Promise<number[]> => {
  const found = await db.query<{ balance: number }[]>('SELECT balance FROM balances_of ORDER BY id');
  return found.map(({ balance }) => balance);
};
const WAITING_FOR_A_LOCK =
  "FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
const nothing = { statements: [], result: null };

describe('a transaction in two steps', () => {
  it('gives what the first statements found, and keeps what the others did', async () => {
    const result = await inTwoSteps(db, [lock, look], (found) => {
      expect(found).toEqual([[{ balance: 10 }], [{ all: 10 }]]);
      return { statements: [add(1, -3), add(2, 3)], result: 'paid' };
    });
    expect(result).toBe('paid');
    expect(await balances()).toEqual([7, 3]);
  });

  it('undoes all when the first statements are not what they should be', async () => {
    const refused = inTwoSteps(db, [add(1, 5), look], () => {
      throw new Error('refused');
    });
    await expect(refused).rejects.toThrow('refused');
    expect(await balances()).toEqual([10, 0]);
  });

  it.each([
    ['first', [add(1, 5), broken, look], []],
    ['last', [add(1, 5)], [add(2, 5), broken]],
    ['last but one', [add(1, 5)], [add(2, 5), broken, add(1, 1)]],
  ])('undoes all when one of the %s statements fails, and says why', async (_, first, statements) => {
    await expect(inTwoSteps(db, first, () => ({ statements, result: null }))).rejects.toThrow(
      'division by zero',
    );
    expect(await balances()).toEqual([10, 0]);
  });

  it('holds its connection for nobody after a failure', async () => {
    for (let i = 0; i < 5; i++)
      await expect(inTwoSteps(db, [add(1, 5), broken], () => nothing)).rejects.toThrow('division by zero');
    // One in a transaction that goes on, or failed and was not ended, would refuse, or keep what comes now to itself.
    await Promise.all([
      inTwoSteps(db, [], () => ({ ...nothing, statements: [add(1, 1)] })),
      db.query('SELECT 1'),
    ]);
    expect(await balances()).toEqual([11, 0]);
  });

  it.each<[string, Statement]>([
    ['a value', { sql: add(1, 1).sql, parameters: [1, circular()] }],
    ['a name that stands for something else', { ...broken, sql: prepared('add', 'SELECT $1::int') }],
  ])('undoes all when this side refuses %s, and spoils no connection', async (_, refused) => {
    await inTwoSteps(db, [], () => ({ ...nothing, statements: [add(2, 1)] }));
    const asked = inTwoSteps(db, [lock], () => ({ ...nothing, statements: [add(2, 5), refused] }));
    await expect(asked).rejects.toThrow(/circular|unique/);
    expect(await balances()).toEqual([10, 1]);
    for (let i = 0; i < 3; i++) await inTwoSteps(db, [], () => ({ ...nothing, statements: [add(1, 1)] }));
    expect(await balances()).toEqual([13, 1]);
  });

  it('waits for a lock before it looks, though both were asked for at once', async () => {
    const seen: Rows[] = [];
    const runner = db.createQueryRunner();
    await runner.startTransaction();
    await runner.query('UPDATE balances_of SET balance = balance + 5');
    const later = inTwoSteps(db, [lock, look], (found) => {
      seen.push(...found);
      return nothing;
    });
    await expect.poll(waitingForALock).toBe(1);
    await runner.commitTransaction();
    await runner.release();
    await later;
    expect(seen).toEqual([[{ balance: 15 }], [{ all: 20 }]]);
  });

  it('says that the database is not there when the connection ends in the middle', async () => {
    const runner = db.createQueryRunner();
    await runner.startTransaction();
    await runner.query('UPDATE balances_of SET balance = balance + 5 WHERE id = 1');
    const waiting = inTwoSteps(db, [lock, look], () => ({ ...nothing, statements: [add(1, 1)] }));
    const failure = waiting.then(
      () => null,
      (error: unknown) => error,
    );
    await expect.poll(waitingForALock).toBe(1);
    await runner.query(`SELECT pg_terminate_backend(pid) ${WAITING_FOR_A_LOCK}`);
    expect(isDatabaseUnavailable(await failure)).toBe(true);
    await runner.rollbackTransaction();
    await runner.release();
    expect(await balances()).toEqual([10, 0]);
  });
});

describe('a connection of the pool', () => {
  // Before the database gives the statement up by itself, after 15 s.
  it('tells whoever waits at once when the pool is closed', { timeout: 10_000 }, async () => {
    const other = await createDataSource(database.url, 2, { entities: [], migrations: [] }).initialize();
    const runner = db.createQueryRunner();
    await runner.startTransaction();
    await runner.query('UPDATE balances_of SET balance = 1');
    const waiting = inTwoSteps(other, [lock], () => nothing).catch((error: unknown) => error);
    await expect.poll(waitingForALock).toBe(1);
    const closed = other.destroy();
    // The lock is still held: an answer would never come.
    expect(isDatabaseUnavailable(await waiting)).toBe(true);
    await closed;
    await runner.rollbackTransaction();
    await runner.release();
  });

  it('ends alone where nobody listens to it yet, and not the process with it', async () => {
    const client = new new PoolConnections().Client(database.url);
    await client.connect();
    const [{ pid }] = (await client.query('SELECT pg_backend_pid() AS pid')).rows;
    const ended = new Promise<void>((resolve) => client.once('end', resolve));
    await database.query('SELECT pg_terminate_backend($1)', [pid]);
    await ended;
    await expect(client.query('SELECT 1')).rejects.toThrow('not queryable');
  });
});

/** What no parameter can be made of. */
function circular(): object {
  const self: { self?: object } = {};
  self.self = self;
  return self;
}

/** Asked over another pool's connection: this one has two. */
async function waitingForALock(): Promise<number> {
  return (await database.query(`SELECT 1 ${WAITING_FOR_A_LOCK}`)).length;
}
