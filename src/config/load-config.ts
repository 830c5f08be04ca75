import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { isEmail } from 'class-validator';
import type { Config, FortyTwoConfig, Secrets } from './config.js';
import { ConfigError } from './config.errors.js';
import { EnvironmentReader } from './environment-reader.js';
import { generatedSecrets } from './generated-secrets.js';
import type { Environment } from './variables.js';

/** Replaced by the operator's: with `DATABASE_URL` each must be given. */
const NO_SECRETS: Secrets = {
  masterKey: '',
  masterKeyPrevious: null,
  jwtRefreshSecret: '',
  passwordPepper: '',
  databasePassword: null,
};

const NAMED_RANGES = new Set(['loopback', 'linklocal', 'uniquelocal']);
const FORTYTWO_API = 'https://api.intra.42.fr';

/**
 * Turns the environment into the one frozen {@link Config}.
 * @throws ConfigError with every missing, weak or malformed variable's name.
 */
export function loadConfig(environment: Environment): Config {
  const read = new EnvironmentReader(environment);
  const production =
    read.choice('NODE_ENV', ['production', 'development', 'test'], 'development') === 'production';
  const port = read.number('PORT', 3000, 0, 65535);
  const dataDir = resolve(read.text('DATA_DIR', '.sealgate'));
  const databaseUrl = read.url('DATABASE_URL', ['postgres:', 'postgresql:'], null);
  const publicUrl = readPublicUrl(read, production, port);
  const secrets = readSecrets(read, production, databaseUrl !== null);
  const config = {
    production,
    port,
    host: read.text('HOST', production ? '0.0.0.0' : '127.0.0.1'),
    publicUrl,
    dataDir,
    database:
      databaseUrl === null ? { kind: 'embedded' as const } : { kind: 'url' as const, url: databaseUrl },
    databasePoolSize: read.number('DATABASE_POOL_SIZE', 16, 4, 500),
    redisUrl: read.url('REDIS_URL', ['redis:', 'rediss:'], null),
    accessKeyDays: read.number('ACCESS_KEY_ROTATION_DAYS', 30, 0.1, 3650),
    sealedKeyDays: read.number('SEALED_KEY_ROTATION_DAYS', 90, 0.1, 3650),
    fortyTwo: readFortyTwo(read, production),
    allowedOrigins: readOrigins(read),
    adminEmails: readAdminEmails(read),
    twoFactorPolicy: read.choice('TWO_FACTOR_POLICY', ['optional', 'required'], 'optional'),
    serverSideCrypto: read.boolean('SERVER_SIDE_CRYPTO', !production && databaseUrl === null),
    trustedProxies: readTrustedProxies(read),
    smtpUrl: read.url('SMTP_URL', ['smtp:', 'smtps:'], null),
    mailFrom: read.text('MAIL_FROM', `Sealgate <no-reply@${new URL(publicUrl).hostname}>`),
    metricsToken: read.secret('METRICS_TOKEN', production),
    secureCookies: publicUrl.startsWith('https:'),
    rateLimitFactor: read.number('RATE_LIMIT_FACTOR', 1, 0.01, 1_000_000),
    bcryptCost: read.number('BCRYPT_COST', 12, production ? 10 : 4, 18),
    logLevel: read.choice('LOG_LEVEL', ['trace', 'debug', 'info', 'warn', 'error', 'silent'], 'info'),
    tracing: readTracing(read),
  };
  if (read.problems.length > 0) throw new ConfigError(read.problems);
  // Generated only once everything else is right: a refused start leaves nothing behind.
  const generated = config.database.kind === 'embedded' ? generatedSecrets(dataDir) : NO_SECRETS;
  return Object.freeze({ ...config, secrets: { ...generated, ...secrets } });
}

function readPublicUrl(read: EnvironmentReader, production: boolean, port: number): string {
  const url = new URL(read.url('PUBLIC_URL', ['http:', 'https:'], `http://localhost:${port}`));
  const insecure = read.boolean('ALLOW_INSECURE_HTTP', false);
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '')
    read.problems.push('PUBLIC_URL must have no path, query or fragment');
  if (production && url.protocol === 'http:' && !insecure)
    read.problems.push('PUBLIC_URL must be https: in production (or set ALLOW_INSECURE_HTTP=true)');
  return url.origin;
}

/**
 * `DATABASE_URL` or production means that others depend on this data: then secrets are the operator's, never made
 * up. Otherwise the quick start's generated ones fill what is not set.
 */
function readSecrets(read: EnvironmentReader, production: boolean, external: boolean): Partial<Secrets> {
  const given = {
    masterKey: read.secret('MASTER_KEY', production),
    masterKeyPrevious: read.secret('MASTER_KEY_PREVIOUS', production),
    jwtRefreshSecret: read.secret('JWT_REFRESH_SECRET', production),
    passwordPepper: read.secret('PASSWORD_PEPPER', production),
  };
  if (production || external) {
    if (given.masterKey === null) read.problems.push('MASTER_KEY is missing');
    if (given.jwtRefreshSecret === null) read.problems.push('JWT_REFRESH_SECRET is missing');
    if (given.passwordPepper === null) read.problems.push('PASSWORD_PEPPER is missing');
  }
  const values = Object.values(given).filter((value) => value !== null);
  if (new Set(values).size < values.length)
    read.problems.push('MASTER_KEY, MASTER_KEY_PREVIOUS, JWT_REFRESH_SECRET and PASSWORD_PEPPER must differ');
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
}

function readFortyTwo(read: EnvironmentReader, production: boolean): FortyTwoConfig {
  const clientId = read.text('FORTYTWO_CLIENT_ID');
  const clientSecret = read.text('FORTYTWO_CLIENT_SECRET');
  if ((clientId === null) !== (clientSecret === null))
    read.problems.push('FORTYTWO_CLIENT_ID and FORTYTWO_CLIENT_SECRET are set together or not at all');
  if (clientId === null || clientSecret === null) return production ? { kind: 'off' } : { kind: 'fake' };
  const protocols = production ? ['https:'] : ['https:', 'http:'];
  return {
    kind: 'real',
    clientId,
    clientSecret,
    authorizeUrl: read.url('FORTYTWO_AUTHORIZE_URL', protocols, `${FORTYTWO_API}/oauth/authorize`),
    tokenUrl: read.url('FORTYTWO_TOKEN_URL', protocols, `${FORTYTWO_API}/oauth/token`),
    profileUrl: read.url('FORTYTWO_PROFILE_URL', protocols, `${FORTYTWO_API}/v2/me`),
  };
}

function readOrigins(read: EnvironmentReader): string[] {
  return read.list('ALLOWED_ORIGINS').flatMap((item) => {
    if (URL.canParse(item) && new URL(item).origin === item) return [item];
    read.problems.push('ALLOWED_ORIGINS must list origins such as https://app.example.org');
    return [];
  });
}

function readAdminEmails(read: EnvironmentReader): string[] {
  const emails = read.list('ADMIN_EMAILS').map((email) => email.toLowerCase());
  if (!emails.every((email) => isEmail(email))) read.problems.push('ADMIN_EMAILS must list e-mail addresses');
  return emails;
}

function readTrustedProxies(read: EnvironmentReader): string[] | number {
  const items = read.list('TRUSTED_PROXIES');
  const hops = items.length === 1 ? Number(items[0]) : NaN;
  if (Number.isInteger(hops) && hops >= 0 && hops < 20) return hops;
  if (!items.every(isAddressOrRange))
    read.problems.push(
      'TRUSTED_PROXIES must list addresses and ranges such as 10.0.0.0/8, or be a number of hops',
    );
  return items;
}

/** As the server's own parser takes them, names of private ranges included. @see RFC 4632 §3.1 */
function isAddressOrRange(item: string): boolean {
  if (NAMED_RANGES.has(item)) return true;
  const [address = '', bits, ...rest] = item.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  if (bits === undefined || (family === 4 && isIP(bits) === 4)) return true;
  return /^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= (family === 4 ? 32 : 128);
}

/** As OpenTelemetry's specification names them; of exporters there is only OTLP over HTTP. */
function readTracing(read: EnvironmentReader): Config['tracing'] {
  const endpoint = read.url('OTEL_EXPORTER_OTLP_ENDPOINT', ['http:', 'https:'], null);
  const url =
    read.url('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', ['http:', 'https:'], null) ??
    (endpoint === null ? null : `${endpoint.replace(/\/$/, '')}/v1/traces`);
  const exporter = read.choice('OTEL_TRACES_EXPORTER', ['otlp', 'none'], 'otlp');
  const isOff = read.boolean('OTEL_SDK_DISABLED', false) || exporter === 'none';
  return url === null || isOff ? null : { url, serviceName: read.text('OTEL_SERVICE_NAME', 'sealgate') };
}
