import type { SealedColumn } from '../crypto/at-rest/sealed-column.js';

/** Binds a sealed TOTP secret to its account. */
export function totpContext(userId: string): string {
  return `totp:${userId}`;
}

export const SEALED_TOTP_SECRETS: readonly SealedColumn[] = [
  { table: 'two_factor', id: 'user_id', idType: 'uuid', column: 'secret', context: totpContext },
  { table: 'two_factor', id: 'user_id', idType: 'uuid', column: 'pending_secret', context: totpContext },
];
