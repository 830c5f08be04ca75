import { afterEach, describe, expect, it, vi } from 'vitest';
import { startFake42 } from './server.js';
import { client, obtainToken, startFake } from './sign-in.fixture.js';

afterEach(() => vi.unstubAllEnvs());

describe('startFake42', () => {
  it('refuses to start in production', async () => {
    vi.stubEnv('NODE_ENV', 'production');
    await expect(startFake42(client)).rejects.toThrow('never starts in production');
  });

  it('rejects when the port is taken', async () => {
    const fake = await startFake();
    const port = Number(new URL(fake.url).port);
    await expect(startFake42({ ...client, port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('records methods and paths, and nothing secret', async () => {
    const fake = await startFake();
    await obtainToken(fake);
    expect(fake.requests).toEqual([
      { method: 'GET', path: '/oauth/authorize' },
      { method: 'POST', path: '/oauth/token' },
    ]);
  });

  it('answers 404 and 405 elsewhere', async () => {
    const fake = await startFake();
    expect((await fetch(`${fake.url}/v2/users`)).status).toBe(404);
    const response = await fetch(fake.tokenUrl);
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
    expect((await fetch(fake.profileUrl, { method: 'DELETE' })).status).toBe(405);
  });

  it('stops listening when closed', async () => {
    const fake = await startFake();
    await fake.close();
    await expect(fetch(fake.profileUrl)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  });
});
