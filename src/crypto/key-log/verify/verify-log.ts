import type { DataSource } from 'typeorm';
import { verifyHead } from './verify-head.js';
import { verifyLeaves } from './verify-leaves.js';
import { verifyKids, verifyStatements, verifyVersions } from './verify-statements.js';

/** What was found in order. */
export interface LogReport {
  readonly size: number;
  /** Hex. */
  readonly root: string;
  /** The verifier key that the head is signed with. */
  readonly key: string;
  readonly nodes: number;
  readonly statements: number;
  readonly kids: number;
}

export interface VerifyOptions {
  /** The log's verifier key from outside; null: the one that the database names. */
  readonly key: string | null;
  readonly onProgress: (what: 'leaves' | 'statements', done: number) => void;
}

/**
 * Walks everything that the key log consists of, in batches, as it stands at one moment: registrations go on meanwhile
 * and are not seen. Writes nothing.
 * @throws Misfit for the first row that does not fit
 */
export async function verifyLog(
  dataSource: DataSource,
  { key, onProgress }: VerifyOptions,
): Promise<LogReport> {
  return dataSource.transaction('REPEATABLE READ', async (tx) => {
    // Between two batches a signature is checked for each statement; over a large log that all takes minutes.
    await tx.query('SET TRANSACTION READ ONLY');
    await tx.query('SET LOCAL statement_timeout = 0');
    await tx.query('SET LOCAL idle_in_transaction_session_timeout = 0');
    const head = await verifyHead(tx, key);
    const nodes = await verifyLeaves(tx, head, (done) => onProgress('leaves', done));
    await verifyVersions(tx);
    const statements = await verifyStatements(tx, (done) => onProgress('statements', done));
    const kids = await verifyKids(tx);
    return { size: head.size, root: head.root.toString('hex'), key: head.key, nodes, statements, kids };
  });
}
