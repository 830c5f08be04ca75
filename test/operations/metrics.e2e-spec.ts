import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { register } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const TOKEN = 'hT4vQ8mZr2Lk7XwP1sYd9NcB5gJf3aEu';
let open: TestApp;
let closed: TestApp;
beforeAll(async () => {
  open = await startTestApp();
  closed = await startTestApp({ METRICS_TOKEN: TOKEN });
});
afterAll(() => Promise.all([open.close(), closed.close()]));

describe('GET /metrics', () => {
  it('counts requests by route pattern and security events by type', async () => {
    await register(open);
    const { status, body } = await open.browser().get('/metrics');
    expect(status).toBe(200);
    expect(body).toMatch(
      /http_request_duration_seconds_count\{method="POST",route="\/auth\/register",status="201"\} 1/,
    );
    expect(body).toContain('sealgate_security_events_total{type="account_registered"} 1');
  });

  it('is not there for what came through a proxy', async () => {
    const answer = await open.browser({ 'x-forwarded-for': '127.0.0.1' }).get('/metrics');
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  it('asks for the token where one is set, from loopback too', async () => {
    expect((await closed.browser().get('/metrics')).status).toBe(404);
    expect((await closed.browser({ authorization: 'Bearer wrong' }).get('/metrics')).status).toBe(404);
    expect((await closed.browser({ authorization: `Bearer ${TOKEN}` }).get('/metrics')).status).toBe(200);
  });
});
