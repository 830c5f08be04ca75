import {
  type Backup,
  formatRecoveryCode,
  generateAccountKeys,
  generateRecoveryCode,
  type KeyStatementJson,
  makeBackup,
  makeKeyStatement,
  type RecoveryCode,
  type VerifiedKeyStatement,
} from '@sealgate/protocol';
import type { Account } from '../account-scope.js';
import type { BackupStore } from '../backup/backup-store.js';
import type { MadeBackup } from '../backup/backup-types.js';
import { passphraseSecret } from '../backup/secrets.js';
import { hasCode } from '../errors.js';
import type { Http } from '../http/http.js';
import type { Change } from '../storage/storage.js';
import type { Contacts } from './contacts.js';
import { KeyStore, type OwnKeys } from './key-store.js';
import type { KeyProgress } from './key-types.js';

/** New keys on their way: kept before they are registered, so that nothing is lost whenever the page is closed. */
interface Pending {
  readonly version: number;
  readonly reset: boolean;
  readonly statement: KeyStatementJson;
  readonly payloadHash: string;
  readonly kid: string;
  readonly backup: Backup;
}

/** The recovery code until somebody has written it down. */
interface UnconfirmedCode {
  readonly code: RecoveryCode;
  readonly versions: readonly number[];
}

const PENDING = 'pending-keys';
const CODE = 'recovery-code';

/** What the new keys follow: nothing, the keys that are here, or keys that are lost. */
export interface Succession {
  readonly previous: VerifiedKeyStatement | null;
  /** The keys of the version before, which hand over; without them it is a reset. */
  readonly by: OwnKeys | null;
}

/**
 * Makes keys with their backup in one go, since in browsers the keys cannot be exported later: generated extractable,
 * sealed into the backup, kept as handles that nobody can read. Callers hold the lock of the account's keys.
 */
export class KeyMaking {
  constructor(
    private readonly http: Http,
    private readonly account: Account,
    private readonly contacts: Contacts,
    private readonly backups: BackupStore,
  ) {}

  async pending(): Promise<Pick<Pending, 'reset' | 'version'> | null> {
    return (await this.read<Pending>(PENDING)) ?? null;
  }

  /** The code to show, as long as nobody has confirmed it. */
  async unconfirmedCode(): Promise<MadeBackup | null> {
    const kept = await this.read<UnconfirmedCode>(CODE);
    if (kept === undefined) return null;
    return { recoveryCode: formatRecoveryCode(kept.code), versions: kept.versions };
  }

  /** What to write for a code to be shown until it is confirmed, or (null) to forget it. */
  keepingCode(code: RecoveryCode | null, versions: readonly number[]): Change {
    return [CODE, code === null ? undefined : ({ code, versions } satisfies UnconfirmedCode)];
  }

  /** Generates, backs up, keeps; nothing leaves the device yet. */
  async begin(
    { previous, by }: Succession,
    { passphrase, onProgress }: { readonly passphrase?: string | undefined } & KeyProgress,
  ): Promise<void> {
    const user = await this.account.id();
    const storage = await this.account.storage();
    const version = (previous?.payload.version ?? 0) + 1;
    const reset = previous !== null && by === null;
    onProgress?.('generating');
    const keys = await generateAccountKeys({ extractable: true });
    const signing = by?.keys.signing;
    const statement = await makeKeyStatement({
      user,
      version,
      keys,
      previous: previous?.payloadHash ?? null,
      reset,
      ...(signing === undefined
        ? {}
        : { previousSigningKey: { kid: signing.jwk.kid, privateKey: signing.privateKey } }),
      createdAt: new Date().toISOString(),
    });
    onProgress?.('sealing-backup');
    const code = generateRecoveryCode();
    const store = new KeyStore(storage);
    const versioned = [...((await store.extractable()) ?? []), { version, keys }];
    const { backup } = await makeBackup({
      user,
      keys: versioned,
      secrets: [
        { type: 'recovery-code', code },
        ...(passphrase === undefined ? [] : [passphraseSecret(passphrase, onProgress)]),
      ],
    });
    const { payloadHash, kids } = statement;
    const kid = kids.encryption;
    const pending: Pending = { version, reset, statement: statement.json, payloadHash, kid, backup };
    await storage.write([
      await store.keeping(version, keys, payloadHash),
      [PENDING, pending],
      this.keepingCode(
        code,
        versioned.map((one) => one.version),
      ),
    ]);
  }

  /**
   * Registers what is pending, saves its backup and opens it again. Does what is left to do, however often it was
   * cut off.
   *
   * @returns false where another device has registered other keys meanwhile; the pending ones are gone then
   */
  async finish({ onProgress }: KeyProgress = {}): Promise<boolean> {
    const pending = await this.read<Pending>(PENDING);
    if (pending === undefined) return true;
    const storage = await this.account.storage();
    const store = new KeyStore(storage);
    onProgress?.('registering');
    if (!(await this.register(pending))) {
      await storage.write([
        store.dropping(pending.version),
        [PENDING, undefined],
        this.keepingCode(null, []),
      ]);
      return false;
    }
    onProgress?.('saving-backup');
    const code = await this.read<UnconfirmedCode>(CODE);
    if (code !== undefined)
      await this.backups.save(pending.backup, code.code, [pending.kid], () =>
        onProgress?.('checking-backup'),
      );
    await storage.write([[PENDING, undefined]]);
    onProgress?.('done');
    return true;
  }

  private async register({ statement, payloadHash, version }: Pending): Promise<boolean> {
    const userId = await this.account.id();
    const path = '/api/crypto/generate-keys';
    const isThere = async () => {
      const chain = await this.contacts.fetch(userId);
      return chain?.statements[version - 1]?.payloadHash === payloadHash;
    };
    try {
      // Sent twice, it answers `key_version_conflict`, and what is in the chain decides.
      await this.http.done({ method: 'POST', path, body: { statement }, idempotent: true });
    } catch (error) {
      if (!hasCode(error, 'key_version_conflict', 'key_already_registered')) throw error;
    }
    if (!(await isThere())) return false;
    await this.contacts.trust(userId, false);
    return true;
  }

  private async read<T>(key: string): Promise<T | undefined> {
    return (await (await this.account.storage()).get(key)) as T | undefined;
  }
}
