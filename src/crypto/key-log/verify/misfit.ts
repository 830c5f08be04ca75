/** The first row that does not fit: the walk over the database ends there. */
export class Misfit extends Error {
  override readonly name = 'Misfit';

  /** @param row table and key, as an operator would look for it. */
  constructor(
    readonly row: string,
    readonly problem: string,
  ) {
    super(`${row}: ${problem}`);
  }
}

/** How rows are named. */
export const leafRow = (index: number): string => `key_log_leaves, index ${index}`;
export const nodeRow = (level: number, index: number): string =>
  `key_log_nodes, level ${level}, index ${index}`;
export const statementRow = (userId: string, version: number): string =>
  `key_statements, user_id ${userId}, version ${version}`;
export const kidRow = (kid: string): string => `account_kids, kid ${kid}`;
export const HEAD_ROW = 'key_log_head, id 1';
