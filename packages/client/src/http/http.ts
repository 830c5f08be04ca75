import { clientError, hasCode, SealgateError } from '../errors.js';
import { backoffMs, pause } from './backoff.js';
import type { Answer, Exchange, Transport } from './exchange.js';
import { problemOf } from './problem.js';
import type { SessionRecord, SessionState, Tokens } from './session-state.js';

/** One call of the server's interface. */
export interface Call extends Omit<Exchange, 'accessToken'> {
  /** `none`: without the session, and a `401` stands. */
  readonly auth?: 'session' | 'none';
}

/** How often and how long calls are repeated. */
export interface RetryOptions {
  /** Attempts beyond the first, after faults of the network, `429` and `503`. */
  readonly retries: number;
  /** Milliseconds before the first repetition; doubles each time. */
  readonly baseDelayMs: number;
  /** Seconds; a longer `retry-after` is handed to the caller instead of waited for. */
  readonly maxRetryAfter: number;
}

const MAX_DELAY_MS = 10_000;

/** Too many requests, and what a gateway says of a server that is just not there. */
const BUSY: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Calls with the session: renews it once when it has expired, repeats what may be repeated, and types the errors. */
export class Http {
  constructor(
    private readonly transport: Transport,
    readonly session: SessionState,
    private readonly retry: RetryOptions,
    /** Told when the session turns out to be over. */
    private readonly onSignedOut: () => void,
  ) {}

  /** The parsed body of a good answer. */
  async json<T>(call: Call): Promise<T> {
    const { body } = await this.send(call);
    if (typeof body !== 'object' || body === null) throw clientError('bad_response', 'no JSON came back');
    return body as T;
  }

  /** The text of a good answer. */
  async text(call: Call): Promise<string> {
    const { body } = await this.send(call);
    if (typeof body !== 'string') throw clientError('bad_response', 'no text came back');
    return body;
  }

  /** Where nothing comes back. */
  async done(call: Call): Promise<void> {
    await this.send(call);
  }

  /**
   * A call whose answer makes or renews the session.
   *
   * @returns the answer without its tokens
   */
  async signIn<T extends object>(call: Call, userIdOf: (body: T) => string | undefined): Promise<T> {
    const delivery = this.session.tokensInBody ? { tokens: 'body' } : {};
    const answer = await this.json<T & Tokens>({ ...call, body: { ...call.body, ...delivery } });
    const { accessToken, refreshToken, expiresIn, ...rest } = answer;
    if (this.session.tokensInBody && accessToken === undefined) {
      throw clientError('bad_response', 'the server sent no tokens');
    }
    const tokens = {
      ...(accessToken === undefined ? {} : { accessToken }),
      ...(refreshToken === undefined ? {} : { refreshToken }),
      ...(expiresIn === undefined ? {} : { expiresIn }),
    };
    await this.session.renew(tokens, userIdOf(rest as unknown as T));
    return rest as unknown as T;
  }

  /** The answer, or the error that it stands for. */
  async send(call: Call): Promise<Answer> {
    const isSafe = call.idempotent ?? call.method === 'GET';
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.withSession(call);
      } catch (error) {
        const delay = isSafe && attempt <= this.retry.retries ? this.delayAfter(error, attempt) : null;
        if (delay === null) throw error;
        await pause(delay, call.signal);
      }
    }
  }

  /**
   * Renews the session unless somebody has done so since `seen` was read.
   *
   * @returns false where it cannot be renewed
   */
  async refresh(seen: SessionRecord): Promise<boolean> {
    return this.session.exclusively(async () => {
      const now = await this.session.read();
      if (now.generation !== seen.generation)
        return now.accessToken !== undefined || !this.session.tokensInBody;
      const { refreshToken } = now;
      if (this.session.tokensInBody && refreshToken === undefined) return false;
      const body = refreshToken === undefined ? {} : { refreshToken };
      const answer = await this.transport({ method: 'POST', path: '/auth/refresh', body });
      if (answer.status === 200) {
        await this.session.renew(answer.body ?? {});
        return true;
      }
      const error = problemOf(answer);
      if (error.status !== 401) throw error;
      await this.session.clear();
      // A visitor who was never signed in is told nothing.
      if (now.userId !== undefined) this.onSignedOut();
      return false;
    });
  }

  private async withSession(call: Call): Promise<Answer> {
    const { auth = 'session', ...exchange } = call;
    if (auth === 'none') return good(await this.transport(exchange));
    const seen = await this.session.read();
    const answer = await this.transport({ ...exchange, accessToken: seen.accessToken });
    if (answer.status !== 401) return good(answer);
    const error = problemOf(answer);
    if (error.code !== 'unauthenticated' || !(await this.refresh(seen))) throw error;
    const { accessToken } = await this.session.read();
    // A second 401 stands: nothing here can loop.
    return good(await this.transport({ ...exchange, accessToken }));
  }

  private delayAfter(error: unknown, attempt: number): number | null {
    if (hasCode(error, 'network', 'timeout')) return backoffMs(attempt, this.retry.baseDelayMs, MAX_DELAY_MS);
    if (!(error instanceof SealgateError) || error.code === 'second_factor_locked') return null;
    if (error.status === null || !BUSY.has(error.status)) return null;
    const seconds = error.retryAfter ?? 0;
    if (seconds > this.retry.maxRetryAfter) return null;
    return Math.max(seconds * 1000, backoffMs(attempt, this.retry.baseDelayMs, MAX_DELAY_MS));
  }
}

function good(answer: Answer): Answer {
  if (answer.status >= 400) throw problemOf(answer);
  return answer;
}
