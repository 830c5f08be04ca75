import type { Http } from '../http/http.js';
import { Paged } from '../http/paged.js';
import type { IdentityProof, Profile, User } from './account-types.js';

/** What may be changed of the own profile; a new e-mail address takes the password or a code with it. */
export interface ProfileChange {
  readonly displayName?: string;
  readonly avatarUrl?: string | null;
  readonly email?: string;
  readonly password?: string;
  readonly code?: string;
}

/** The own account. */
export class ProfileApi {
  constructor(
    private readonly http: Http,
    private readonly deletion: (remove: () => Promise<void>) => Promise<void>,
  ) {}

  get(): Promise<Profile> {
    return this.http.json({ method: 'GET', path: '/api/users/me' });
  }

  update(change: ProfileChange): Promise<Profile> {
    return this.http.json({ method: 'PATCH', path: '/api/users/me', body: { ...change } });
  }

  /**
   * Deletes the account for good, and takes everything of it off this device. Without a proof only within five minutes
   * of a sign-in with 42.
   */
  async delete(proof?: Exclude<IdentityProof, { readonly recoveryCode: string }>): Promise<void> {
    await this.deletion(() =>
      this.http.done({ method: 'DELETE', path: '/api/users/me', body: { ...proof } }),
    );
  }

  /** Everything that the server holds on the account. */
  export(): Promise<Readonly<Record<string, unknown>>> {
    return this.http.json({ method: 'GET', path: '/api/users/me/export' });
  }
}

/** Somebody one does not want to hear from. */
export interface BlockedUser {
  readonly userId: string;
  /** RFC 3339. */
  readonly createdAt: string;
}

/** The directory, and whom one does not want to hear from. */
export class Users {
  constructor(private readonly http: Http) {}

  /** People whose username or display name begins with this, page by page. */
  search(query = ''): Paged<User> {
    const asked = query === '' ? undefined : query;
    return new Paged((cursor) =>
      this.http.json({ method: 'GET', path: '/api/users', query: { query: asked, cursor } }),
    );
  }

  get(id: string): Promise<User> {
    return this.http.json({ method: 'GET', path: `/api/users/${encodeURIComponent(id)}` });
  }

  /** Nothing new is taken between the two: no chat, no message in the direct one. Lost again with {@link unblock}. */
  async block(id: string): Promise<void> {
    await this.http.done({ method: 'PUT', path: `/api/blocks/${encodeURIComponent(id)}` });
  }

  async unblock(id: string): Promise<void> {
    await this.http.done({ method: 'DELETE', path: `/api/blocks/${encodeURIComponent(id)}` });
  }

  /** Whom one has blocked, the newest first. */
  async blocked(): Promise<readonly BlockedUser[]> {
    const { items } = await this.http.json<{ items: BlockedUser[] }>({ method: 'GET', path: '/api/blocks' });
    return items;
  }
}
