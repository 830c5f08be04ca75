import type { Http } from '../http/http.js';

/** The link between the account and one at 42. */
export interface FortyTwoLink {
  readonly linked: boolean;
  /** The name at 42 when it was last seen there. */
  readonly login: string | null;
  readonly linkedAt: string | null;
  /** There is another way into the account. */
  readonly canUnlink: boolean;
}

/** 42 as a way into an account that is signed in. To sign in with it: `auth.loginUrl()`. */
export class FortyTwo {
  constructor(private readonly http: Http) {}

  status(): Promise<FortyTwoLink> {
    return this.http.json({ method: 'GET', path: '/auth/42/link' });
  }

  /** Where to send the browser to link an account at 42; it comes back to `returnTo`, a path of the server's site. */
  link(returnTo?: string): Promise<string> {
    return this.trip('link', returnTo);
  }

  /** Where to send the browser to prove who one is at 42, for what answers `reauthentication_required`. */
  reauthenticate(returnTo?: string): Promise<string> {
    return this.trip('reauthenticate', returnTo);
  }

  /** @throws SealgateError `reauthentication_required`, `last_way_in` */
  unlink(): Promise<void> {
    return this.http.done({ method: 'DELETE', path: '/auth/42/link' });
  }

  private async trip(what: string, returnTo: string | undefined): Promise<string> {
    const body = returnTo === undefined ? {} : { returnTo };
    const path = `/auth/42/${what}`;
    return (await this.http.json<{ location: string }>({ method: 'POST', path, body })).location;
  }
}
