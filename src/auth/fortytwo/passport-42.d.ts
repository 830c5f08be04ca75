/** The part of passport-42 1.2.6 (over passport-oauth2 1.8.0) that is used; neither comes with types of its own. */
declare module 'passport-42' {
  export interface StrategyOptions {
    clientID: string;
    clientSecret: string;
    callbackURL: string;
    authorizationURL?: string;
    tokenURL?: string;
    profileURL?: string;
    scope?: string | string[];
    pkce?: 'S256' | false;
    /** Undocumented: an object replaces the stores that need express-session. */
    store?: StateStore;
  }

  /** passport-oauth2 chooses how to call a store by the methods' `length`: with PKCE it must be 5 and 4. */
  export interface StateStore {
    store(
      request: unknown,
      codeVerifier: string | undefined,
      appState: unknown,
      meta: unknown,
      done: (error: Error | null, state?: string) => void,
    ): void;
    verify(
      request: unknown,
      state: unknown,
      meta: unknown,
      done: (error: Error | null, codeVerifierOrOk?: string | boolean, appState?: unknown) => void,
    ): void;
  }

  export default class Strategy {
    constructor(options: StrategyOptions, verify: (...args: never[]) => void);
    name: string;
    authenticate(request: unknown, options?: unknown): void;

    // Put there by Passport for the time of one request.
    success(user: unknown, info?: unknown): void;
    fail(challenge?: unknown, status?: number): void;
    redirect(url: string, status?: number): void;
    error(error: Error): void;
  }
}
