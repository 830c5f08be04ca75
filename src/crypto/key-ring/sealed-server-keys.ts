import type { SealedColumn } from '../at-rest/sealed-column.js';

/** Binds a sealed private key to its row. */
export function serverKeyContext(kid: string): string {
  return `server-key:${kid}`;
}

export const SEALED_SERVER_KEYS: readonly SealedColumn[] = [
  { table: 'server_keys', id: 'kid', idType: 'text', column: 'private_key', context: serverKeyContext },
];
