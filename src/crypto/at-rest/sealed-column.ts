/**
 * A column that holds what a {@link SecretBox} sealed: what a change of the master key has to walk through. Names are
 * constants of the code, never input.
 */
export interface SealedColumn {
  readonly table: string;
  /** The primary key, one column. */
  readonly id: string;
  readonly idType: 'uuid' | 'text';
  /** `bytea`; null or empty where there is no secret. */
  readonly column: string;
  /** What binds a secret to its row, from the row's id as text. */
  context(id: string): string;
}
