import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildIfStale, type BuiltServer, scratchDir, startBuiltServer } from '../demo/built-server.js';
import { cloneDatabase, type TestDatabase } from '../support/database.js';
import { rawRequest } from '../support/raw-request.js';
import { SECRETS } from '../support/secrets.js';

const HTML = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

let database: TestDatabase;
let server: BuiltServer;
let page: string;
beforeAll(async () => {
  buildIfStale();
  database = await cloneDatabase();
  server = await startBuiltServer({ ...SECRETS, DATABASE_URL: database.url, DATA_DIR: await scratchDir() });
  page = await (await fetch(`${server.url}/`, { headers: HTML })).text();
});
afterAll(async () => {
  await server.stop();
  await database.drop();
});

const get = (path: string, headers: Record<string, string> = {}) => fetch(server.url + path, { headers });

describe('the built server', () => {
  it.each(['/', '/sign-in', '/home/0190a3c0-0000-7000-8000-000000000000', '/no/such/page'])(
    'gives a browser the page at %s, asked anew each time',
    async (path) => {
      const answer = await get(path, HTML);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(answer.headers.get('cache-control')).toBe('no-cache');
      expect(answer.headers.get('content-security-policy')).toContain("trusted-types 'none'");
      expect(await answer.text()).toBe(page);
    },
  );

  it.each([
    '/api/none',
    '/auth/none',
    '/.well-known/none',
    '/healthz/none',
    '/readyz/x',
    '/metrics/x',
    '/assets/none.js',
  ])('keeps its own answer for %s, whoever asks', async (path) => {
    const answer = await get(path, HTML);
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  it('gives a program that asks for no page the plain 404, and no other method the page', async () => {
    expect((await get('/no/such/page', { accept: 'application/json' })).status).toBe(404);
    expect((await fetch(`${server.url}/sign-in`, { method: 'POST', headers: HTML })).status).toBe(404);
    expect((await fetch(`${server.url}/`, { method: 'HEAD', headers: HTML })).status).toBe(200);
  });

  it('lets hashed files be kept for good, and answers 304 to who has the page', async () => {
    const [, script = ''] = /src="(\/assets\/[^"]+)"/.exec(page) ?? [];
    const answer = await get(script);
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(answer.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    const etag = (await get('/', HTML)).headers.get('etag') ?? '';
    const again = await get('/', { ...HTML, 'if-none-match': etag });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
  });

  it.each(['br', 'gzip'])('sends %s where it is taken, with the same content', async (coding) => {
    const [, script = ''] = /src="(\/assets\/[^"]+)"/.exec(page) ?? [];
    const plain = await get(script, { 'accept-encoding': 'identity' });
    expect(plain.headers.get('content-encoding')).toBeNull();
    const packed = await get(script, { 'accept-encoding': coding });
    expect(packed.headers.get('content-encoding')).toBe(coding);
    expect(packed.headers.get('vary')).toContain('accept-encoding');
    expect(await packed.text()).toBe(await plain.text());
    expect(
      (await get(script, { 'accept-encoding': `${coding};q=0` })).headers.get('content-encoding'),
    ).toBeNull();
  });

  it('names the hash of everything that the page loads, and nothing inline or from elsewhere', async () => {
    const tags = [...page.matchAll(/<(?:script|link rel="(?:modulepreload|stylesheet)")[^>]*>/g)].map(
      ([tag]) => tag,
    );
    expect(tags.length).toBeGreaterThan(1);
    for (const tag of tags) {
      const [, path = ''] = /(?:src|href)="([^"]+)"/.exec(tag) ?? [];
      expect(path).toMatch(/^\/assets\//);
      const content = Buffer.from(await (await get(path)).arrayBuffer());
      const hash = createHash('sha384').update(content).digest('base64');
      expect(tag).toContain(`integrity="sha384-${hash}"`);
    }
    expect(page).not.toMatch(/<script(?![^>]*src=)|<style|\sstyle=|\son\w+=|https?:\/\//);
  });

  it('finds no file by a path that climbs out', async () => {
    const paths = [
      '/assets/..%2f..%2fpackage.json',
      '/..%2f.env',
      '/assets/%2e%2e/%2e%2e/package.json',
      '/assets/../../package.json',
    ];
    // As it stands here: `fetch` would climb by itself before it asks.
    for (const path of paths)
      expect((await rawRequest(server.url, [`GET ${path} HTTP/1.1`])).status, path).toBe(404);
  });
});
