import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Faults } from './faults.js';
import type { Grants } from './grants.js';
import type { People } from './people.js';

/** What the endpoints share: the one registered application, the accounts, and what was handed out. */
export interface Context {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUris: readonly string[];
  readonly people: People;
  readonly grants: Grants;
  readonly faults: Faults;
  readonly now: () => number;
  autoApprove: boolean | string;
}

export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  /** The query of the request's URL. */
  query: URLSearchParams;
}

export type Endpoint = (context: Context, exchange: Exchange) => void | Promise<void>;
