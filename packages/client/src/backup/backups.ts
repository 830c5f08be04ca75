import {
  type Backup,
  formatRecoveryCode,
  generateRecoveryCode,
  makeBackup,
  parseBackup,
  parseRecoveryCode,
  ProtocolError,
  type RecoveryCode,
  type VersionedKeys,
} from '@sealgate/protocol';
import type { Account } from '../account-scope.js';
import { clientError, hasCode } from '../errors.js';
import { type Contacts, current } from '../keys/contacts.js';
import type { KeyMaking } from '../keys/key-making.js';
import { KeyStore } from '../keys/key-store.js';
import type { KeyProgress, KeyStatus } from '../keys/key-types.js';
import type { OwnAccountKeys } from '../keys/own-account-keys.js';
import type { Change } from '../storage/storage.js';
import type { BackupStore, KeptBackup } from './backup-store.js';
import type { BackupApi, BackupStatus, BackupUnlock, MadeBackup } from './backup-types.js';
import { open, passphraseSecret, secretOf } from './secrets.js';

type Options = { readonly passphrase?: string } & KeyProgress;

/** The backup as the app sees it. */
export class Backups implements BackupApi {
  constructor(
    private readonly account: Account,
    private readonly own: OwnAccountKeys,
    private readonly contacts: Contacts,
    private readonly making: KeyMaking,
    private readonly store: BackupStore,
    /** After keys came to this device. */
    private readonly onRestored: () => void,
  ) {}

  async status(): Promise<BackupStatus> {
    const [kept, code] = await Promise.all([this.store.find(), this.making.unconfirmedCode()]);
    return {
      exists: kept !== null,
      updatedAt: kept?.updatedAt ?? null,
      hasPassphrase: kept !== null && hasPassphrase(kept.backup),
      hasUnconfirmedCode: code !== null,
    };
  }

  create(options: Options = {}): Promise<MadeBackup> {
    return this.own.exclusively(async () => {
      const pending = await this.making.pending();
      if (pending?.reset === false) await this.making.finish(options);
      const unconfirmed = await this.making.unconfirmedCode();
      if (unconfirmed !== null && (await this.complete(unconfirmed, options))) return unconfirmed;
      // Fails where the current keys are not here: there is nothing to back up.
      await this.own.current();
      const extractable = await new KeyStore(await this.account.storage()).extractable();
      if (extractable !== null) return this.replace(extractable, options);
      const chain = await this.contacts.fetch(await this.account.id());
      const by = (await this.own.here()).at(-1) ?? null;
      if (chain === null || by === null) throw clientError('keys_missing', 'this account has no keys yet');
      return this.renew({ previous: current(chain), by }, options);
    });
  }

  async confirm(typedCode?: string): Promise<void> {
    await this.own.exclusively(async () => {
      const unconfirmed = await this.making.unconfirmedCode();
      if (unconfirmed === null) return;
      if (typedCode !== undefined && codeOf(typedCode) !== codeOf(unconfirmed.recoveryCode))
        throw clientError('wrong_secret', 'this is another recovery code');
      await (await this.account.storage()).write([this.making.keepingCode(null, [])]);
    });
  }

  async restore(unlock: BackupUnlock & KeyProgress): Promise<KeyStatus> {
    const status = await this.own.exclusively(async () => {
      const secret = secretOf(unlock);
      const user = await this.account.id();
      const storage = await this.account.storage();
      const kept = await this.require();
      const { keys } = await open(kept.backup, user, secret, !storage.holdsCryptoKeys);
      const chain = await this.contacts.fetch(user);
      const store = new KeyStore(storage);
      const changes: Change[] = [];
      for (const { version, keys: own } of keys) {
        const statement = chain?.statements[version - 1];
        const { encryption, signing } = own;
        // Keys that the account never registered open nothing, and must not sign.
        if (statement?.kids.encryption !== encryption.jwk.kid || statement.kids.signing !== signing.jwk.kid)
          continue;
        changes.push(
          storage.holdsCryptoKeys
            ? store.keepingHandles(version, own, statement.payloadHash)
            : await store.keeping(version, own, statement.payloadHash),
        );
      }
      if (changes.length === 0)
        throw clientError('damaged_backup', "the backup holds none of the account's keys");
      await storage.write(changes);
      await this.contacts.trust(user, false);
      return this.own.status();
    });
    this.onRestored();
    return status;
  }

  changePassphrase(
    unlock: BackupUnlock & KeyProgress,
    newPassphrase: string | null,
  ): Promise<{ readonly recoveryCode: string | null }> {
    return this.own.exclusively(async () => {
      const secret = secretOf(unlock);
      const { backup } = await this.require();
      const { keys } = await open(backup, await this.account.id(), secret, true);
      // The other slot cannot be carried over without the code that opens it.
      const isNew = secret.type !== 'recovery-code';
      const code = isNew ? generateRecoveryCode() : secret.code;
      if (isNew) await this.keepCode(code, keys);
      await this.write(keys, code, newPassphrase ?? undefined, unlock.onProgress);
      return { recoveryCode: isNew ? formatRecoveryCode(code) : null };
    });
  }

  delete(): Promise<void> {
    return this.own.exclusively(async () => {
      await this.store.delete();
      await (await this.account.storage()).write([this.making.keepingCode(null, [])]);
    });
  }

  reset(options: Options = {}): Promise<MadeBackup> {
    return this.own.exclusively(async () => {
      const pending = await this.making.pending();
      if (pending?.reset === true) {
        const unconfirmed = await this.making.unconfirmedCode();
        if ((await this.making.finish(options)) && unconfirmed !== null) return unconfirmed;
      }
      const chain = await this.contacts.fetch(await this.account.id());
      if (chain === null)
        throw clientError('keys_missing', 'this account has no keys: `keys.ensure()` makes them');
      return this.renew({ previous: current(chain), by: null }, options);
    });
  }

  private async renew(succession: Parameters<KeyMaking['begin']>[0], options: Options): Promise<MadeBackup> {
    await this.making.begin(succession, options);
    const made = await this.making.unconfirmedCode();
    const isDone = await this.making.finish(options);
    if (!isDone || made === null) throw clientError('keys_locked', 'another device has made keys meanwhile');
    return made;
  }

  /**
   * Opens the backup with its unconfirmed code, and adds the passphrase.
   *
   * @returns false where the backup is gone, or another device has made another one: the code opens nothing then
   */
  private async complete(made: MadeBackup, { passphrase, onProgress }: Options): Promise<boolean> {
    const code = codeOf(made.recoveryCode);
    const kept = await this.store.find();
    const keys = kept === null ? null : await this.openOrNull(kept, code);
    if (keys === null) return false;
    if (passphrase !== undefined) await this.write(keys, code, passphrase, onProgress);
    return true;
  }

  private async openOrNull(kept: KeptBackup, code: RecoveryCode): Promise<readonly VersionedKeys[] | null> {
    try {
      return (await open(kept.backup, await this.account.id(), { type: 'recovery-code', code }, true)).keys;
    } catch (error) {
      if (hasCode(error, 'wrong_secret')) return null;
      throw error;
    }
  }

  /** A new code for all keys that are here. */
  private async replace(keys: readonly VersionedKeys[], options: Options): Promise<MadeBackup> {
    const code = generateRecoveryCode();
    await this.keepCode(code, keys);
    await this.write(keys, code, options.passphrase, options.onProgress);
    return { recoveryCode: formatRecoveryCode(code), versions: keys.map(({ version }) => version) };
  }

  private async keepCode(code: RecoveryCode, keys: readonly VersionedKeys[]): Promise<void> {
    const versions = keys.map(({ version }) => version);
    await (await this.account.storage()).write([this.making.keepingCode(code, versions)]);
  }

  private async write(
    keys: readonly VersionedKeys[],
    code: RecoveryCode,
    passphrase: string | undefined,
    onProgress: KeyProgress['onProgress'],
  ): Promise<void> {
    onProgress?.('sealing-backup');
    const { backup } = await makeBackup({
      user: await this.account.id(),
      keys,
      secrets: [
        { type: 'recovery-code', code },
        ...(passphrase === undefined ? [] : [passphraseSecret(passphrase, onProgress)]),
      ],
    });
    onProgress?.('saving-backup');
    const kids = keys.map(({ keys: { encryption } }) => encryption.jwk.kid);
    await this.store.save(backup, code, kids, () => onProgress?.('checking-backup'));
    onProgress?.('done');
  }

  private async require(): Promise<KeptBackup> {
    const kept = await this.store.find();
    if (kept === null) throw clientError('no_backup', 'this account has no backup');
    return kept;
  }
}

function hasPassphrase(value: unknown): boolean {
  try {
    const { slots }: Backup = parseBackup(value);
    return slots.some(({ type }) => type === 'passphrase');
  } catch (error) {
    if (error instanceof ProtocolError) return false;
    throw error;
  }
}

function codeOf(typed: string): RecoveryCode {
  try {
    return parseRecoveryCode(typed);
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause;
    throw clientError('mistyped_code', 'the recovery code has a typing mistake', { cause });
  }
}
