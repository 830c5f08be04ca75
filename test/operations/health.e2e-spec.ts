import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/test-app.js';

let server: TestApp;
beforeAll(async () => {
  server = await startTestApp();
});
afterAll(() => server.close());

describe('health', () => {
  it('answers healthz and readyz to anybody', async () => {
    const browser = server.browser();
    expect(await browser.get('/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await browser.get('/readyz')).toMatchObject({ status: 200, body: { status: 'ok' } });
  });

  it('answers an unknown route with a problem document that names the request', async () => {
    const answer = await server.browser().get('/nowhere');
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(answer.body).toMatchObject({
      code: 'not_found',
      status: 404,
      instance: answer.headers.get('x-request-id'),
    });
  });
});
