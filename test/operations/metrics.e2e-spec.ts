import { request } from 'node:http';
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

/** `fetch` sets the host by itself. */
function statusFor(host: string): Promise<number | undefined> {
  const headers = host === '' ? {} : { host };
  return new Promise((resolve, reject) => {
    const sent = request(new URL('/metrics', open.baseUrl), { headers, setHost: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    sent.on('error', reject).end();
  });
}

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

  it.each(['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'forwarded', 'via', 'x-real-ip'])(
    'is not there for what came through a proxy, which says so with %s',
    async (name) => {
      const answer = await open.browser({ [name]: '127.0.0.1' }).get('/metrics');
      expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
    },
  );

  it.each(['gate.example.org', 'localhost.evil.example', '127.0.0.1.evil.example', '10.0.0.1', ''])(
    'is not there for who asks for the host %j, as a page with that name would',
    async (host) => {
      expect(await statusFor(host)).toBe(host === '' ? 400 : 404);
    },
  );

  it.each(['localhost', 'LOCALHOST:3000', '127.0.0.1:9', '[::1]:3000'])('is there for %s', async (host) => {
    expect(await statusFor(host)).toBe(200);
  });

  it('asks for the token where one is set, from loopback too', async () => {
    expect((await closed.browser().get('/metrics')).status).toBe(404);
    expect((await closed.browser({ authorization: 'Bearer wrong' }).get('/metrics')).status).toBe(404);
    expect((await closed.browser({ authorization: `Bearer ${TOKEN}` }).get('/metrics')).status).toBe(200);
  });
});
