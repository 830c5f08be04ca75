import PassportFortyTwo from 'passport-42';
import { CircuitBreaker } from './circuit-breaker.js';
import { FortyTwoClient, type FortyTwoClientOptions } from './fortytwo.client.js';
import { FortyTwoError } from './fortytwo.errors.js';
import {
  type OAuthRequest,
  OAuthStateStore,
  type OAuthStateOptions,
  type OAuthTransaction,
} from './oauth-state.store.js';
import { type FortyTwoProfile, parseProfile } from './profile.js';
import type { Purpose } from './purpose.js';

export interface FortyTwoStrategyOptions extends FortyTwoClientOptions, OAuthStateOptions {
  authorizeUrl: string;
  /** For both requests to 42 together. */
  timeoutMs?: number;
  /**
   * Spends the sign-in's `jti` with one conditional write; false where it was spent before. Asked before 42 is:
   * 42 takes a code that comes twice for stolen and revokes what the first use got.
   */
  burn: (jti: string, expiresAt: Date) => Promise<boolean>;
  /** Watches 42; one of its own where it is left out. */
  breaker?: CircuitBreaker;
  /** Off only if 42 should ever refuse it; the state protects the callback by itself. */
  pkce?: boolean;
}

/** A proven 42 account. 42's tokens are not in it: they are thrown away. */
export interface FortyTwoSignIn {
  profile: FortyTwoProfile;
  /** Burnt already. */
  jti: string;
  expiresAt: Date;
  /** A path of this site that the sign-in began with, or null. */
  returnTo: string | null;
  /** What it is good for. */
  purpose: Purpose;
  /** When the application's secret at 42 runs out, where known: sign-in stops then. */
  secretValidUntil: Date | null;
}

export interface FortyTwoRequest extends OAuthRequest {
  readonly query: Readonly<Record<string, unknown>>;
}

/** The guard says which of the two routes it guards; the request itself is never asked. */
export interface FortyTwoAuthenticateOptions {
  /** Without it, the callback: nothing that a stranger can send then starts a redirect. */
  step?: 'start' | 'callback';
  /** With `start`. */
  returnTo?: unknown;
}

type VerifySignIn = (
  signIn: FortyTwoSignIn,
  done: (error: Error | null, user?: unknown, info?: unknown) => void,
) => void;

const DEFAULT_TIMEOUT_MS = 10_000;
const MAX_CODE_CHARACTERS = 1024;

/**
 * passport-42 with what it lacks: a state bound to the browser, PKCE, a deadline and a size cap on its requests, and
 * a profile that cannot crash the process or merge accounts. Every failure arrives as a {@link FortyTwoError}.
 *
 * The library still writes the redirect to 42; its callback, which has those faults, is not used.
 */
export class FortyTwoStrategy extends PassportFortyTwo {
  // Passport calls `authenticate` on an object made from this one, which `#private` members would not survive.
  private readonly states: OAuthStateStore;
  private readonly client: FortyTwoClient;
  private readonly breaker: CircuitBreaker;
  private readonly timeoutMs: number;
  private readonly burn: FortyTwoStrategyOptions['burn'];
  private readonly verifySignIn: VerifySignIn;

  constructor(options: FortyTwoStrategyOptions, verifySignIn: VerifySignIn) {
    const states = new OAuthStateStore(options);
    super(
      {
        clientID: options.clientId,
        clientSecret: options.clientSecret,
        callbackURL: options.callbackUrl,
        authorizationURL: options.authorizeUrl,
        tokenURL: options.tokenUrl,
        profileURL: options.profileUrl,
        scope: 'public',
        pkce: options.pkce === false ? false : 'S256',
        store: states,
      },
      () => undefined,
    );
    this.states = states;
    this.client = new FortyTwoClient(options);
    this.breaker = options.breaker ?? new CircuitBreaker({ now: options.now });
    this.timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.burn = options.burn;
    this.verifySignIn = verifySignIn;
  }

  override authenticate(request: FortyTwoRequest, options: FortyTwoAuthenticateOptions = {}): void {
    if (options.step === 'start') this.start(request, options.returnTo);
    else this.finish(request);
  }

  /**
   * For somebody who is signed in: the URL at 42 to go to, with the cookie set that ends the round trip.
   * @throws FortyTwoError
   */
  begin(request: OAuthRequest, purpose: Purpose, returnTo: unknown): Promise<string> {
    return new Promise((resolve, reject) => {
      // Passport's callbacks belong to one request each, as those of the guard do.
      const once = Object.create(this) as FortyTwoStrategy;
      once.redirect = (url) => resolve(url);
      once.error = reject;
      once.start(
        { ...request, query: {}, appendSetCookie: (header) => request.appendSetCookie(header) },
        returnTo,
        purpose,
      );
    });
  }

  private start(request: FortyTwoRequest, returnTo: unknown, purpose?: Purpose): void {
    if (this.breaker.isOpen) return this.error(tooManyFaults());
    // Without the query: passport-oauth2 takes any request with a `code` or an `error` for the callback.
    const bare: FortyTwoRequest = {
      headers: request.headers,
      query: {},
      appendSetCookie: (header) => request.appendSetCookie(header),
    };
    super.authenticate(bare, { state: { returnTo, purpose } });
  }

  private finish(request: FortyTwoRequest): void {
    this.complete(request)
      .then((signIn) =>
        this.verifySignIn(signIn, (error, user, info) => {
          if (error) this.error(error);
          else if (user) this.success(user, info);
          else this.fail(info);
        }),
      )
      .catch((error: Error) => this.error(error));
  }

  /** @throws FortyTwoError */
  private async complete(request: FortyTwoRequest): Promise<FortyTwoSignIn> {
    const { code, error, state } = request.query;
    if (error !== undefined) {
      // Told to whoever asks, as it grants nothing; but only a fitting state ends the sign-in that is under way.
      const ended = await this.states.consume(request, state).catch(() => null);
      throw ended === null ? refusal(error) : refusal(error).endingAt(ended.purpose, ended.returnTo);
    }
    // Before the state is spent: with the circuit closed again, the same callback works.
    if (this.breaker.isOpen) throw tooManyFaults();
    const transaction = await this.states.consume(request, state);
    try {
      return await this.ask42(code, transaction);
    } catch (thrown) {
      throw thrown instanceof FortyTwoError
        ? thrown.endingAt(transaction.purpose, transaction.returnTo)
        : thrown;
    }
  }

  /** @throws FortyTwoError */
  private async ask42(
    code: unknown,
    { codeVerifier, ...transaction }: OAuthTransaction,
  ): Promise<FortyTwoSignIn> {
    if (typeof code !== 'string' || code === '' || code.length > MAX_CODE_CHARACTERS) {
      throw new FortyTwoError('provider_error', 'the callback carries no usable code');
    }
    if (!(await this.burn(transaction.jti, transaction.expiresAt)))
      throw new FortyTwoError('invalid_state', 'this callback was played before');
    const exchange = async () => {
      const deadline = AbortSignal.timeout(this.timeoutMs);
      const { accessToken, secretValidUntil } = await this.client.exchangeCode(code, codeVerifier, deadline);
      const profile = parseProfile(await this.client.fetchProfile(accessToken, deadline));
      return { profile, ...transaction, secretValidUntil };
    };
    return this.breaker.run(exchange, isFault, tooManyFaults);
  }
}

function isFault(error: unknown): boolean {
  return error instanceof FortyTwoError && error.code === 'provider_unavailable';
}

function tooManyFaults(): FortyTwoError {
  return new FortyTwoError('provider_unavailable', '42 kept failing and is not asked for a while');
}

/** @see RFC 6749 §4.1.2.1 */
function refusal(error: unknown): FortyTwoError {
  switch (error) {
    case 'access_denied':
      return new FortyTwoError('access_denied', 'the person or 42 declined');
    case 'server_error':
    case 'temporarily_unavailable':
      return new FortyTwoError('provider_unavailable', `42 sent the error ${error} to the callback`);
    default:
      return new FortyTwoError('provider_error', '42 sent another error to the callback');
  }
}
