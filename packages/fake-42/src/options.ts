import type { Fake42Fault, MisbehaveOptions } from './faults.js';
import type { Fake42User } from './people.js';

export interface Fake42Options {
  /** 0, the default, takes any free port. */
  port?: number;
  /** Default `127.0.0.1`: this server signs anybody in as anybody, so it stays on the machine. */
  host?: string;
  clientId: string;
  clientSecret: string;
  /** Compared as whole strings, as 42 does. */
  redirectUris: string[];
  /** Who can sign in; the demo users when left out. */
  users?: Fake42User[];
  /** Approve without showing a page: `true` as the first user, a login as that user (made up if unknown). */
  autoApprove?: boolean | string;
  /** Applies 42's limits of 2 requests a second and 1200 an hour to the application. Off by default. */
  rateLimit?: boolean;
  /** Milliseconds since the epoch. */
  now?: () => number;
}

/** What a test may ask about the requests that came in. Never a query, a header or a body: they carry secrets. */
export interface RecordedRequest {
  method: string;
  path: string;
}

export interface Fake42 {
  /** Base URL without a trailing slash. */
  url: string;
  authorizeUrl: string;
  tokenUrl: string;
  profileUrl: string;
  /** Makes one endpoint misbehave until cleared, or once; `null` makes every endpoint behave again. */
  misbehave(fault: Fake42Fault | null, options?: MisbehaveOptions): void;
  /** Changes `autoApprove` while running, so that one server can sign in several people in turn. */
  approveAs(approval: boolean | string): void;
  readonly requests: readonly RecordedRequest[];
  addUser(user: Fake42User): void;
  /** Changes a person as 42 would: the id stays, everything else may differ at the next `/v2/me`. */
  updateUser(login: string, patch: Partial<Omit<Fake42User, 'id'>>): void;
  /** Stops listening and ends every connection at once, hanging ones too. */
  close(): Promise<void>;
}
