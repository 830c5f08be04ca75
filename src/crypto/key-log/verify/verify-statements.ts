import {
  parseKeyStatement,
  ProtocolError,
  verifyKeyStatement,
  type ParsedKeyStatement,
} from '@sealgate/protocol';
import { firstRow, rows, type Queryable } from '../../../database/rows.js';
import { kidRow, leafRow, Misfit, statementRow } from './misfit.js';

/** Each takes a signature or two to check. */
const BATCH = 500;

interface StatementRow {
  userId: string;
  version: number;
  statement: unknown;
  payloadHash: Buffer;
  kidEncryption: string;
  kidSigning: string;
  reset: boolean;
  logIndex: number;
  /** Where the leaf about this account and version stands; null: nowhere. */
  leafIndex: number | null;
}

/**
 * Each account's chain of statements: syntax, keys, signatures, order, the columns beside it, and its leaf.
 * @returns how many statements there are
 * @throws Misfit
 */
export async function verifyStatements(
  db: Queryable,
  onProgress: (statements: number) => void,
): Promise<number> {
  let previous: ParsedKeyStatement | undefined;
  let count = 0;
  for (;;) {
    const batch = await readBatch(db, previous);
    for (const row of batch) {
      const isNext = previous?.payload.user === row.userId;
      previous = await verifyOne(row, isNext ? previous : undefined);
      count += 1;
    }
    onProgress(count);
    if (batch.length < BATCH) return count;
  }
}

async function readBatch(db: Queryable, after: ParsedKeyStatement | undefined): Promise<StatementRow[]> {
  return rows<StatementRow>(
    db,
    `SELECT s.user_id AS "userId", s.version, s.statement, s.payload_hash AS "payloadHash",
            s.kid_encryption AS "kidEncryption", s.kid_signing AS "kidSigning", s.reset, s.log_index AS "logIndex",
            leaf.index AS "leafIndex"
     FROM key_statements AS s
     LEFT JOIN key_log_leaves AS leaf ON leaf.user_id = s.user_id AND leaf.version = s.version
     WHERE $1::uuid IS NULL OR (s.user_id, s.version) > ($1::uuid, $2::int)
     ORDER BY s.user_id, s.version LIMIT ${BATCH}`,
    [after?.payload.user ?? null, after?.payload.version ?? 0],
  );
}

async function verifyOne(
  row: StatementRow,
  previous: ParsedKeyStatement | undefined,
): Promise<ParsedKeyStatement> {
  const name = statementRow(row.userId, row.version);
  const parsed = await check(row, previous).catch((error: unknown) => {
    if (error instanceof ProtocolError)
      throw new Misfit(name, `the statement is not right: ${error.message}`);
    throw error;
  });
  const { payload, payloadHash, kids } = parsed;
  const columns: Record<string, boolean> = {
    user_id: payload.user === row.userId,
    version: payload.version === row.version,
    payload_hash: row.payloadHash.toString('base64url') === payloadHash,
    kid_encryption: row.kidEncryption === kids.encryption,
    kid_signing: row.kidSigning === kids.signing,
    reset: row.reset === payload.reset,
    log_index: row.logIndex === row.leafIndex,
  };
  for (const [column, fits] of Object.entries(columns))
    if (!fits) throw new Misfit(name, `${column} is not what the statement or its leaf says`);
  return parsed;
}

async function check(
  row: StatementRow,
  previous: ParsedKeyStatement | undefined,
): Promise<ParsedKeyStatement> {
  const parsed = await parseKeyStatement(row.statement);
  return verifyKeyStatement(parsed, { previous });
}

/**
 * The versions of each account follow one another in the log, from 1 on.
 * @throws Misfit
 */
export async function verifyVersions(db: Queryable): Promise<void> {
  const wrong = await firstRow<{ index: number; version: number; expected: number }>(
    db,
    `SELECT index, version, expected
     FROM (SELECT index, version, row_number() OVER (PARTITION BY user_id ORDER BY index) AS expected
           FROM key_log_leaves) AS numbered
     WHERE version <> expected ORDER BY index LIMIT 1`,
  );
  if (wrong !== null)
    throw new Misfit(
      leafRow(wrong.index),
      `is version ${wrong.version} of its account, ${wrong.expected} comes next`,
    );
}

/**
 * Every statement's two keys are on record, under its account and version, and no key is that was in no statement.
 * @returns how many keys there are
 * @throws Misfit
 */
export async function verifyKids(db: Queryable): Promise<number> {
  const missing = await firstRow<{ userId: string; version: number; use: string }>(
    db,
    `SELECT leaf.user_id AS "userId", leaf.version, used.use
     FROM key_log_leaves AS leaf
     CROSS JOIN (VALUES ('enc'), ('sig')) AS used (use)
     LEFT JOIN account_kids AS k ON k.user_id = leaf.user_id AND k.version = leaf.version AND k.use = used.use
     WHERE k.kid IS NULL ORDER BY leaf.index LIMIT 1`,
  );
  if (missing !== null) {
    const { userId, version, use } = missing;
    throw new Misfit(`account_kids, user_id ${userId}, version ${version}, use ${use}`, 'is missing');
  }
  const wrong = await firstRow<{ kid: string; isLogged: boolean }>(
    db,
    `SELECT k.kid, leaf.index IS NOT NULL AS "isLogged"
     FROM account_kids AS k
     LEFT JOIN key_log_leaves AS leaf USING (user_id, version)
     LEFT JOIN key_statements AS s USING (user_id, version)
     WHERE leaf.index IS NULL
        OR k.kid <> CASE k.use WHEN 'enc' THEN s.kid_encryption ELSE s.kid_signing END
     ORDER BY k.user_id, k.version, k.use LIMIT 1`,
  );
  if (wrong !== null)
    throw new Misfit(
      kidRow(wrong.kid),
      wrong.isLogged ? 'is not a key of its statement' : 'no leaf is about it',
    );
  return (await firstRow<{ count: number }>(db, 'SELECT count(*) AS count FROM account_kids'))?.count ?? 0;
}
