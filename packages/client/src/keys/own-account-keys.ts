import type { AccountKeys, Reader } from '@sealgate/protocol';
import type { Account } from '../account-scope.js';
import { clientError } from '../errors.js';
import type { KnownStatements } from '../log/own-watch.js';
import { type Contacts, current } from './contacts.js';
import type { KeyMaking } from './key-making.js';
import { KeyStore, type OwnKeys } from './key-store.js';
import type { KeyProgress, KeyStatus } from './key-types.js';

/** The account's own keys: what is here, what is lost, and making the first ones. */
export class OwnAccountKeys {
  constructor(
    private readonly account: Account,
    private readonly contacts: Contacts,
    private readonly making: KeyMaking,
  ) {}

  /** Runs `work` while no other tab makes, restores or resets keys. */
  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    return (await this.account.storage()).lock('own-keys', work);
  }

  async here(): Promise<readonly OwnKeys[]> {
    return new KeyStore(await this.account.storage()).list();
  }

  async status(fresh = false): Promise<KeyStatus> {
    const userId = await this.account.id();
    const chain = fresh ? await this.contacts.fetch(userId) : await this.contacts.get(userId);
    const statements = chain?.statements ?? [];
    const hashes = new Set((await this.here()).map(({ payloadHash }) => payloadHash));
    const isHere = statements.map(({ payloadHash }) => hashes.has(payloadHash));
    const versions = statements.map(({ payload }) => payload.version);
    return {
      state: statements.length === 0 ? 'missing' : isHere.at(-1) === true ? 'ready' : 'locked',
      version: versions.at(-1) ?? 0,
      versionsHere: versions.filter((_, i) => isHere[i]),
      versionsLost: versions.filter((_, i) => !isHere[i]),
      hasUnconfirmedCode: (await this.making.unconfirmedCode()) !== null,
    };
  }

  ensure(progress: KeyProgress = {}): Promise<KeyStatus> {
    return this.exclusively(async () => {
      const pending = await this.making.pending();
      // A reset was asked for by hand, and is finished by hand.
      if (pending?.reset === false) await this.making.finish(progress);
      const status = await this.status(true);
      if (status.state !== 'missing') return status;
      await this.making.begin({ previous: null, by: null }, progress);
      await this.making.finish(progress);
      return this.status();
    });
  }

  /**
   * The current keys, which are here.
   *
   * @throws SealgateError `keys_missing`, `keys_locked`
   */
  async current(): Promise<AccountKeys> {
    const userId = await this.account.id();
    const chain = await this.contacts.get(userId);
    if (chain === null) throw clientError('keys_missing', 'this account has no keys yet');
    const { payloadHash } = current(chain);
    const own = (await this.here()).find((keys) => keys.payloadHash === payloadHash);
    if (own === undefined) throw clientError('keys_locked', "the account's keys are not on this device");
    return own.keys;
  }

  /** What this device can open, and what it could if the keys were not lost. */
  async reader(): Promise<Reader> {
    const own = await this.here();
    const keys = new Map(
      own.map(({ keys: { encryption } }) => [encryption.jwk.kid, encryption.privateKey] as const),
    );
    const chain = await this.contacts.get(await this.account.id());
    const all = chain?.statements.map(({ kids }) => kids.encryption) ?? [];
    return { keys, lostKids: new Set(all.filter((kid) => !keys.has(kid))) };
  }

  /** The statements that this device knows to be the account's own, by version. */
  async knownStatements(): Promise<KnownStatements> {
    return new Map((await this.here()).map(({ version, payloadHash }) => [version, payloadHash]));
  }
}
