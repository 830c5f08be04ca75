import type { SealedColumn } from './crypto/at-rest/sealed-column.js';
import { SEALED_SERVER_KEYS } from './crypto/key-ring/sealed-server-keys.js';
import { mailContext } from './mail/mail-context.js';
import { SEALED_TOTP_SECRETS } from './two-fa/sealed-totp-secrets.js';

/** Every column under the master key: what is checked at the start and walked after a change of it. */
export const sealedColumns: readonly SealedColumn[] = [
  ...SEALED_SERVER_KEYS,
  ...SEALED_TOTP_SECRETS,
  { table: 'mail_outbox', id: 'id', idType: 'uuid', column: 'payload', context: mailContext },
];
