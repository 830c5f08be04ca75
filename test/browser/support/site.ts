import { type Fake42, startFake42 } from '@sealgate/fake-42';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { buildIfStale, type BuiltServer, scratchDir, startBuiltServer } from '../../demo/built-server.js';
import { freePort } from '../../../scripts/lib/free-port.mjs';
import { parseMail, type ReceivedMail } from '../../mail/mailbox.js';
import { cloneDatabase } from '../../support/database.js';
import { SECRETS } from '../../support/secrets.js';
import { until } from '../../support/until.js';
import { type Device, launchChromium, openDevice } from './chromium.js';

/** The built server with its app, a database of its own and the fake 42, and a browser to look at it. */
export interface Site {
  readonly url: string;
  readonly fake: Fake42;
  readonly browser: Browser;
  /** The newest mail to somebody with this subject, once it is there. */
  mail(to: string, subject: RegExp): Promise<ReceivedMail>;
  device(options?: BrowserContextOptions): Promise<Device>;
  /** Stops the server, as an update would; `start` brings it back under the same address. */
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

export async function startSite(): Promise<Site> {
  buildIfStale();
  const port = String(await freePort());
  const credentials = { clientId: 'u-s4t2ud-browser', clientSecret: 's-s4t2ud-browser' };
  const url = `http://localhost:${port}`;
  const fake = await startFake42({
    ...credentials,
    redirectUris: [`${url}/auth/42/callback`],
    autoApprove: true,
  });
  const database = await cloneDatabase();
  const dataDir = await scratchDir();
  const environment = {
    ...SECRETS,
    PORT: port,
    DATABASE_URL: database.url,
    DATA_DIR: dataDir,
    RATE_LIMIT_FACTOR: '1000',
    LOG_LEVEL: 'warn',
    FORTYTWO_CLIENT_ID: credentials.clientId,
    FORTYTWO_CLIENT_SECRET: credentials.clientSecret,
    FORTYTWO_AUTHORIZE_URL: fake.authorizeUrl,
    FORTYTWO_TOKEN_URL: fake.tokenUrl,
    FORTYTWO_PROFILE_URL: fake.profileUrl,
  };
  let server: BuiltServer = await startBuiltServer(environment);
  const browser = await launchChromium();
  const devices: Device[] = [];
  return {
    url,
    fake,
    browser,
    mail: (to, subject) => newestMail(join(dataDir, 'mail'), to, subject),
    device: async (options) => {
      const device = await openDevice(browser, url, options);
      devices.push(device);
      return device;
    },
    stop: async () => void (await server.stop()),
    start: async () => void (server = await startBuiltServer(environment)),
    close: async () => {
      for (const device of devices) await device.close();
      await browser.close();
      await server.stop();
      await fake.close();
      await database.drop();
      await rm(dataDir, { recursive: true });
    },
  };
}

async function newestMail(folder: string, to: string, subject: RegExp): Promise<ReceivedMail> {
  let newest: ReceivedMail | undefined;
  await until(30_000, async () => {
    // What is still being written has another ending until it is whole.
    const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.eml'));
    const files = await Promise.all(
      names.map(async (name) => ({
        path: join(folder, name),
        time: (await stat(join(folder, name))).mtimeMs,
      })),
    );
    files.sort((a, b) => a.time - b.time);
    const mails = await Promise.all(files.map(async ({ path }) => parseMail(await readFile(path, 'utf8'))));
    newest = mails.findLast((mail) => mail.headers.get('to') === to && subject.test(mail.subject));
    return newest !== undefined;
  });
  if (newest === undefined) throw new TypeError('a mail was waited for');
  return newest;
}
