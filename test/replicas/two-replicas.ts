import { buildIfStale, startBuiltServer, type BuiltServer } from '../demo/built-server.js';
import { Browser } from '../support/browser.js';
import { cloneDatabase, type TestDatabase } from '../support/database.js';
import { SECRETS } from '../support/secrets.js';
import { PUBLIC_URL } from '../support/test-app.js';

/** One of two real processes; what the helpers of people need of a server. */
export interface Replica {
  readonly process: BuiltServer;
  browser(headers?: Record<string, string>): Browser;
}

export interface TwoReplicas {
  readonly first: Replica;
  readonly second: Replica;
  readonly database: TestDatabase;
  stop(): Promise<void>;
}

export const ADMIN = 'admin@example.org';

/** The built server twice, as two processes on one database, both behind one public URL. */
export async function startTwoReplicas(): Promise<TwoReplicas> {
  buildIfStale();
  // As at the very first start: two that make the server's keys at once end with one set.
  const database = await cloneDatabase({ keys: 'none' });
  const environment = { DATABASE_URL: database.url, PUBLIC_URL, ADMIN_EMAILS: ADMIN, ...SECRETS };
  const processes = await Promise.all([startBuiltServer(environment), startBuiltServer(environment)]);
  const [first, second] = processes.map((process) => ({
    process,
    browser: (headers?: Record<string, string>) => new Browser(process.url, headers),
  })) as [Replica, Replica];
  return {
    first,
    second,
    database,
    stop: async () => {
      await Promise.all(processes.map((process) => process.stop()));
      await database.drop();
    },
  };
}

/** The same browser, whose requests a load balancer sends to another replica. */
export function at(replica: Replica, browser: Browser): Browser {
  const twin = replica.browser(browser.headers);
  for (const [name, cookie] of browser.cookies) twin.cookies.set(name, cookie);
  return twin;
}
