import { reEncrypt } from '../crypto/at-rest/re-encrypt.js';
import { sealedColumns } from '../sealed-columns.js';
import type { KeyTools } from './key-tools.js';
import type { Print } from './usage-error.js';

/**
 * Puts everything that lies under the previous master key under the current one.
 * @returns false where something was left, so that the previous one must stay set.
 */
export async function reEncryptAll({ dataSource, box }: KeyTools, print: Print): Promise<boolean> {
  const runner = dataSource.createQueryRunner();
  let left = 0;
  try {
    // Passes over whole tables; the limit is meant for requests.
    await runner.query('SET statement_timeout = 0');
    for (const column of sealedColumns) {
      const result = await reEncrypt(runner, box, column);
      left += result.left;
      const trouble =
        result.left === 0 ? '' : `, ${result.left} left, ${result.unreadable} of them unreadable`;
      print(`${column.table}.${column.column}: ${result.renewed} re-encrypted${trouble}`);
    }
  } finally {
    await runner.release();
  }
  print(
    left === 0
      ? 'Everything is under MASTER_KEY: MASTER_KEY_PREVIOUS can go, once every replica has the new MASTER_KEY.'
      : 'Something is not under MASTER_KEY: keep MASTER_KEY_PREVIOUS. Is a replica still running with the old one? ' +
          'Run this again afterwards.',
  );
  return left === 0;
}
