import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawRequest } from '../support/raw-request.js';
import { signUp } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp({ TRUSTED_PROXIES: '1' });
});
afterAll(() => server.close());

describe('bytes that are no request', () => {
  it.each([
    ['an unknown method', ['SNEAK /auth/me HTTP/1.1'], '', 400, 'malformed_request'],
    ['a broken version', ['GET /auth/me HTTP/9.9'], '', 400, 'malformed_request'],
    ['a header without a name', ['GET /auth/me HTTP/1.1', ': x'], '', 400, 'malformed_request'],
    [
      'too many headers',
      ['GET /auth/me HTTP/1.1', `X-A: ${'x'.repeat(20_000)}`],
      '',
      431,
      'headers_too_large',
    ],
    [
      'a bad chunk',
      ['POST /auth/login HTTP/1.1', 'Content-Type: application/json', 'Transfer-Encoding: chunked'],
      'zz\r\n{}\r\n0\r\n\r\n',
      400,
      'malformed_request',
    ],
  ])('are answered with a problem document: %s', async (_, lines, body, status, code) => {
    const answer = await rawRequest(server.baseUrl, lines, body);
    expect(answer.status).toBe(status);
    expect(answer.head).toMatch(/^content-type: application\/problem\+json; charset=utf-8$/im);
    expect(answer.head).toMatch(/^x-content-type-options: nosniff$/im);
    const problem = JSON.parse(answer.body) as { instance: string };
    expect(problem).toMatchObject({ status, code });
    expect(answer.head.toLowerCase()).toContain(`x-request-id: ${problem.instance}`);
  });
});

describe('an address that a trusted proxy passes on', () => {
  it.each(['<script>', 'not an address', '203.0.113.7:1234', 'x'.repeat(300)])(
    'is unknown where it is none: %s',
    async (address) => {
      const { browser } = await signUp(server, { headers: { 'x-forwarded-for': address } });
      const { items } = (await browser.get('/auth/sessions')).body;
      expect(items[0].ip).toBe('unknown');
    },
  );
});
