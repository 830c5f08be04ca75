import type { Me } from './account/account-types.js';
import type { Http } from './http/http.js';
import { scoped, type SealgateStorage } from './storage/storage.js';

/** Whose client this is, and the part of the storage that is that account's alone. */
export class Account {
  constructor(
    private readonly http: Http,
    private readonly root: SealgateStorage,
  ) {}

  async idIfKnown(): Promise<string | undefined> {
    return (await this.http.session.read()).userId;
  }

  /** @throws SealgateError `unauthenticated` where nobody is signed in */
  async id(): Promise<string> {
    const known = await this.idIfKnown();
    if (known !== undefined) return known;
    const { user } = await this.http.json<Me>({ method: 'GET', path: '/auth/me' });
    await this.http.session.belongsTo(user.id);
    return user.id;
  }

  async storage(): Promise<SealgateStorage> {
    return scoped(this.root, `account/${await this.id()}`);
  }
}
