import type { Http } from '../http/http.js';
import { Paged } from '../http/paged.js';
import type { SecurityEvent, Session } from './account-types.js';

/** The devices that are signed in. */
export class Sessions {
  constructor(private readonly http: Http) {}

  list(): Paged<Session> {
    return new Paged((cursor) =>
      this.http.json({ method: 'GET', path: '/auth/sessions', query: { cursor } }),
    );
  }

  /** Signs one device out at once. @throws SealgateError `reauthentication_required`: `auth.reauthenticate` first */
  end(id: string): Promise<void> {
    const path = `/auth/sessions/${encodeURIComponent(id)}`;
    return this.http.done({ method: 'DELETE', path });
  }

  /** Signs all others out. @throws SealgateError `reauthentication_required`: `auth.reauthenticate` first */
  endOthers(): Promise<void> {
    return this.http.done({ method: 'DELETE', path: '/auth/sessions', idempotent: true });
  }
}

/** The account's own security log, the newest first. */
export class SecurityEvents {
  constructor(private readonly http: Http) {}

  list(): Paged<SecurityEvent> {
    return new Paged((cursor) => this.http.json({ method: 'GET', path: '/auth/events', query: { cursor } }));
  }
}
