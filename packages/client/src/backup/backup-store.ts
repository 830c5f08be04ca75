import { type Backup, openBackup, ProtocolError, type RecoveryCode } from '@sealgate/protocol';
import type { Account } from '../account-scope.js';
import { clientError, hasCode } from '../errors.js';
import type { Http } from '../http/http.js';

/** The backup as the server has it. */
export interface KeptBackup {
  readonly version: number;
  readonly backup: unknown;
  readonly updatedAt: string;
}

const PATH = '/api/crypto/backup';
const ATTEMPTS = 3;

/** The server's side of the backup. */
export class BackupStore {
  constructor(
    private readonly http: Http,
    private readonly account: Account,
  ) {}

  /** Null where there is none. */
  async find(): Promise<KeptBackup | null> {
    try {
      return await this.http.json<KeptBackup>({ method: 'GET', path: PATH });
    } catch (error) {
      if (hasCode(error, 'not_found')) return null;
      throw error;
    }
  }

  delete(): Promise<void> {
    return this.http.done({ method: 'DELETE', path: PATH, idempotent: true });
  }

  /**
   * Writes the backup over what is there, reads it back and opens it with the code.
   *
   * @param kids of the encryption keys that must be in it
   * @throws SealgateError `backup_unverified` where it did not come back as it was sent
   */
  async save(
    backup: Backup,
    code: RecoveryCode,
    kids: readonly string[],
    onChecking?: () => void,
  ): Promise<void> {
    await this.put(backup);
    onChecking?.();
    const kept = await this.find();
    const found = await this.kidsIn(kept?.backup, code);
    if (kids.length === 0 || kids.some((kid) => !found.includes(kid)))
      throw clientError('backup_unverified', 'the backup could not be read back and opened');
  }

  private async put(backup: Backup): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const version = (await this.find())?.version ?? 0;
      try {
        return await this.http.done({ method: 'PUT', path: PATH, body: { version, backup } });
      } catch (error) {
        if (!hasCode(error, 'backup_conflict') || attempt === ATTEMPTS) throw error;
      }
    }
  }

  private async kidsIn(backup: unknown, code: RecoveryCode): Promise<readonly string[]> {
    try {
      const user = await this.account.id();
      const { keys } = await openBackup({ backup, user, secret: { type: 'recovery-code', code } });
      return keys.map(({ keys: { encryption } }) => encryption.jwk.kid);
    } catch (error) {
      if (error instanceof ProtocolError) return [];
      throw error;
    }
  }
}
