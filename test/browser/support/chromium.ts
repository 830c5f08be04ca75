import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page, type Request } from 'playwright-core';

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
]; // prettier-ignore

/** The system's own; null where there is none, and then the plays are skipped. */
export const chromiumPath = PATHS.find((path) => existsSync(path)) ?? null;

/** With an empty profile of its own. */
export function launchChromium(): Promise<Browser> {
  if (chromiumPath === null) throw new TypeError('there is no Chromium: apt-get install chromium');
  return chromium.launch({ executablePath: chromiumPath, args: FLAGS });
}

/** One person's browser: cookies and keys of its own, and what its page complains of. */
export interface Device {
  readonly page: Page;
  /** Errors of script, and everything that the Content-Security-Policy or Trusted Types refused. */
  readonly complaints: string[];
  close(): Promise<void>;
}

export async function openDevice(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Device> {
  const context = await browser.newContext({
    baseURL: url,
    locale: 'en-GB',
    viewport: { width: 1280, height: 800 },
    ...options,
  });
  const page = await context.newPage();
  // Long enough for a machine that is busy with other things; what has to be quick is measured.
  page.setDefaultTimeout(60_000);
  const complaints: string[] = [];
  watchRequests(page);
  page.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
  page.on('console', (message) => {
    // Chromium reports every answer of 400 and more; the app shows those itself.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text());
  });
  return { page, complaints, close: () => context.close() };
}

/** What each page has asked for and not got yet, but for the stream of events, which never ends. */
const pending = new WeakMap<Page, Set<Request>>();

function watchRequests(page: Page): void {
  const requests = new Set<Request>();
  pending.set(page, requests);
  page.on('request', (request) => {
    if (!request.url().endsWith('/api/events')) requests.add(request);
  });
  page.on('requestfinished', (request) => requests.delete(request));
  page.on('requestfailed', (request) => requests.delete(request));
}

/** Waits until the page has shown everything that it asked for. */
export async function settled(page: Page): Promise<void> {
  const requests = pending.get(page) ?? new Set();
  await page.locator('h1').first().waitFor({ state: 'attached' });
  do {
    // Two frames: one to show an answer, one for what that asks for next.
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  } while (requests.size > 0);
}
