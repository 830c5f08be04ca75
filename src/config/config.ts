/** The server's settings: read once from the environment, frozen, typed. @see .env.example */
export interface Config {
  readonly production: boolean;
  readonly port: number;
  readonly host: string;
  /** Without a trailing slash; its origin is what `Origin` headers are compared with. */
  readonly publicUrl: string;
  /** Absolute path of the folder with the embedded database, the generated secrets and undelivered mail. */
  readonly dataDir: string;
  readonly database: { kind: 'embedded' } | { kind: 'url'; url: string };
  readonly databasePoolSize: number;
  readonly redisUrl: string | null;
  readonly secrets: Secrets;
  /** After how many days the schedule rotates the keys that sign access tokens, and those of sealed requests. */
  readonly accessKeyDays: number;
  readonly sealedKeyDays: number;
  readonly fortyTwo: FortyTwoConfig;
  readonly allowedOrigins: readonly string[];
  /** Lower-cased. */
  readonly adminEmails: readonly string[];
  readonly twoFactorPolicy: 'optional' | 'required';
  readonly serverSideCrypto: boolean;
  /** Addresses, CIDR ranges or a number of hops whose `X-Forwarded-For` is believed; empty: none. */
  readonly trustedProxies: readonly string[] | number;
  readonly smtpUrl: string | null;
  readonly mailFrom: string;
  readonly metricsToken: string | null;
  /** True where cookies carry `Secure` and their `__Host-` and `__Secure-` names. */
  readonly secureCookies: boolean;
  /** Multiplies the limits per address, never the lock of the second step. */
  readonly rateLimitFactor: number;
  readonly bcryptCost: number;
  readonly logLevel: string;
  /** Null: no traces, and nothing is loaded for them. */
  readonly tracing: { readonly url: string; readonly serviceName: string } | null;
}

/** Key material as the operator gave it: only ever used through HKDF or as an HMAC key. */
export interface Secrets {
  readonly masterKey: string;
  /** Another one that opens too, while the master key is being changed. */
  readonly masterKeyPrevious: string | null;
  readonly jwtRefreshSecret: string;
  readonly passwordPepper: string;
  /** Of the embedded database; null with `DATABASE_URL`. */
  readonly databasePassword: string | null;
}

export type FortyTwoConfig =
  | { readonly kind: 'off' }
  /** No credentials outside production: the stand-in that comes with the repository is started. */
  | { readonly kind: 'fake' }
  | {
      readonly kind: 'real';
      readonly clientId: string;
      readonly clientSecret: string;
      readonly authorizeUrl: string;
      readonly tokenUrl: string;
      readonly profileUrl: string;
    };

/** The injection token of {@link Config}. */
export const CONFIG = Symbol('CONFIG');
