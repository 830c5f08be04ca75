import { describe, expect, it } from 'vitest';
import { clientError } from '../errors.js';
import { MemoryStorage } from '../storage/memory-storage.js';
import { backoffMs } from './backoff.js';
import type { Answer, Exchange } from './exchange.js';
import { Http } from './http.js';
import { SessionState } from './session-state.js';

function answer(status: number, body: unknown = {}, headers: Record<string, string> = {}): Answer {
  return { status, body, headers: { get: (name) => headers[name] ?? null } };
}

const problem = (status: number, code: string, headers?: Record<string, string>) =>
  answer(status, { code, status, title: code }, headers);

/** A server of one function; everything that it was asked is kept. */
async function clientOf(serve: (exchange: Exchange, asked: number) => Answer, signedIn = true) {
  const asked: Exchange[] = [];
  let signedOut = 0;
  const session = new SessionState(new MemoryStorage(), true);
  if (signedIn) await session.renew({ accessToken: 'old', refreshToken: 'refresh' }, 'ada');
  const http = new Http(
    async (exchange) => {
      asked.push(exchange);
      return serve(exchange, asked.length);
    },
    session,
    { retries: 2, baseDelayMs: 1, maxRetryAfter: 1 },
    () => (signedOut += 1),
  );
  const paths = () => asked.map(({ path }) => path);
  return { http, asked, paths, signedOut: () => signedOut };
}

const get = { method: 'GET', path: '/x' } as const;
const post = { method: 'POST', path: '/x', body: {} } as const;

describe('an expired session', () => {
  it('is renewed once for many calls, and each of them is repeated with the new token', async () => {
    const { http, paths, asked } = await clientOf(({ path, accessToken }) => {
      if (path === '/auth/refresh') return answer(200, { accessToken: 'new', refreshToken: 'next' });
      return accessToken === 'new' ? answer(200, { ok: true }) : problem(401, 'unauthenticated');
    });
    await Promise.all(Array.from({ length: 10 }, () => http.json(get)));
    expect(paths().filter((path) => path === '/auth/refresh')).toHaveLength(1);
    expect(asked.at(-1)?.accessToken).toBe('new');
  });

  it('that is refused again after its renewal is an error, not a loop', async () => {
    const { http, paths } = await clientOf(({ path }) =>
      path === '/auth/refresh' ? answer(200, { accessToken: 'new' }) : problem(401, 'unauthenticated'),
    );
    await expect(http.json(get)).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(paths()).toEqual(['/x', '/auth/refresh', '/x']);
  });

  it('that cannot be renewed is told of once, and forgotten', async () => {
    const { http, signedOut } = await clientOf(() => problem(401, 'unauthenticated'));
    await Promise.allSettled([http.json(get), http.json(get), http.json(get)]);
    expect(signedOut()).toBe(1);
    expect(await http.session.read()).not.toHaveProperty('accessToken');
  });

  it('is not lost to a fault of the network', async () => {
    const { http, signedOut } = await clientOf(({ path }) => {
      if (path === '/auth/refresh') throw clientError('network', 'gone');
      return problem(401, 'unauthenticated');
    });
    await expect(http.json(get)).rejects.toMatchObject({ code: 'network' });
    expect(signedOut()).toBe(0);
    expect((await http.session.read()).refreshToken).toBe('refresh');
  });

  it('leaves other refusals alone', async () => {
    const { http, paths } = await clientOf(() => problem(401, 'second_factor_required'));
    await expect(http.json(get)).rejects.toMatchObject({ code: 'second_factor_required' });
    expect(paths()).toEqual(['/x']);
  });
});

describe('a busy server', () => {
  it.each([429, 502, 503, 504])(
    'that answers %i is asked again, within bounds, where that is safe',
    async (status) => {
      const { http, paths } = await clientOf(() => problem(status, 'busy', { 'retry-after': '0' }));
      await expect(http.json(get)).rejects.toMatchObject({ status });
      expect(paths()).toHaveLength(3);
      await expect(http.json(post)).rejects.toMatchObject({ status });
      expect(paths()).toHaveLength(4);
      await expect(http.json({ ...post, idempotent: true })).rejects.toMatchObject({ status });
      expect(paths()).toHaveLength(7);
    },
  );

  it('that wants a long pause is left to the caller, who is told how long', async () => {
    const { http, paths } = await clientOf(() => problem(429, 'rate_limited', { 'retry-after': '60' }));
    await expect(http.json(get)).rejects.toMatchObject({ code: 'rate_limited', retryAfter: 60 });
    expect(paths()).toHaveLength(1);
  });

  it('that has locked the second step is not asked again', async () => {
    const { http, paths } = await clientOf(() =>
      problem(429, 'second_factor_locked', { 'retry-after': '0' }),
    );
    await expect(http.json(get)).rejects.toMatchObject({ code: 'second_factor_locked' });
    expect(paths()).toHaveLength(1);
  });
});

describe('pauses', () => {
  it('double up to the most, and lie between half and all of it', () => {
    expect([1, 2, 3, 9].map((attempt) => backoffMs(attempt, 100, 1000, 1))).toEqual([100, 200, 400, 1000]);
    expect(backoffMs(1, 100, 1000, 0)).toBe(50);
  });
});

describe('an answer that is no problem document', () => {
  it('is bad_response, with its status', async () => {
    const { http } = await clientOf(() => answer(418, 'short and stout'));
    await expect(http.json(get)).rejects.toMatchObject({ code: 'bad_response', status: 418 });
  });
});
