import { formatSafetyNumber, safetyNumber } from '@sealgate/protocol';
import type { Account } from '../account-scope.js';
import { clientError } from '../errors.js';
import { type Contact, type Contacts, current, toContactKeys } from './contacts.js';
import type { ContactKeys, KeyProgress, KeysApi, KeyStatus } from './key-types.js';
import type { OwnAccountKeys } from './own-account-keys.js';

/** The account's own keys, and everybody's, as the app sees them. */
export class Keys implements KeysApi {
  constructor(
    private readonly account: Account,
    private readonly own: OwnAccountKeys,
    private readonly contacts: Contacts,
  ) {}

  status(): Promise<KeyStatus> {
    return this.own.status();
  }

  ensure(progress: KeyProgress = {}): Promise<KeyStatus> {
    return this.own.ensure(progress);
  }

  async of(userId: string, options: { readonly fresh?: boolean } = {}): Promise<ContactKeys | null> {
    const contact = await this.contacts.contact(userId, options.fresh);
    return contact === null ? null : toContactKeys(contact);
  }

  async safetyNumber(userId: string): Promise<{ readonly digits: string; readonly qr: string }> {
    const sides = await Promise.all(
      [await this.account.id(), userId].map(async (user) => {
        const { chain } = await this.require(user);
        return { user, kids: current(chain).kids };
      }),
    );
    const [own, theirs] = sides;
    if (own === undefined || theirs === undefined) throw new TypeError('there are two sides');
    const qr = await safetyNumber(own, theirs);
    return { digits: formatSafetyNumber(qr), qr };
  }

  markCompared(userId: string): Promise<void> {
    return this.contacts.trust(userId, true);
  }

  async unmarkCompared(userId: string): Promise<void> {
    const { trust } = await this.require(userId);
    if (trust === 'compared') await this.contacts.trust(userId, false);
  }

  accept(userId: string): Promise<void> {
    return this.contacts.trust(userId, false);
  }

  private async require(userId: string): Promise<Contact> {
    const contact = await this.contacts.contact(userId);
    if (contact === null) throw clientError('keys_missing', 'this person has no keys');
    return contact;
  }
}
