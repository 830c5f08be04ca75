/**
 * Every environment variable that the server reads. A test keeps `.env.example` equal to this list,
 * and the loader refuses to read a name that is not on it.
 */
export const VARIABLES = [
  'NODE_ENV',
  'PORT',
  'HOST',
  'PUBLIC_URL',
  'DATA_DIR',
  'DATABASE_URL',
  'DATABASE_POOL_SIZE',
  'REDIS_URL',
  'MASTER_KEY',
  'MASTER_KEY_PREVIOUS',
  'ACCESS_KEY_ROTATION_DAYS',
  'SEALED_KEY_ROTATION_DAYS',
  'JWT_REFRESH_SECRET',
  'PASSWORD_PEPPER',
  'FORTYTWO_CLIENT_ID',
  'FORTYTWO_CLIENT_SECRET',
  'FORTYTWO_AUTHORIZE_URL',
  'FORTYTWO_TOKEN_URL',
  'FORTYTWO_PROFILE_URL',
  'ALLOWED_ORIGINS',
  'ADMIN_EMAILS',
  'TWO_FACTOR_POLICY',
  'SERVER_SIDE_CRYPTO',
  'TRUSTED_PROXIES',
  'SMTP_URL',
  'MAIL_FROM',
  'METRICS_TOKEN',
  'ALLOW_INSECURE_HTTP',
  'RATE_LIMIT_FACTOR',
  'BCRYPT_COST',
  'LOG_LEVEL',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'OTEL_TRACES_EXPORTER',
  'OTEL_SDK_DISABLED',
  'OTEL_SERVICE_NAME',
] as const;

export type Variable = (typeof VARIABLES)[number];

/** Like `process.env`: an empty string counts as unset, as in a copied `.env.example`. */
export type Environment = Readonly<Record<string, string | undefined>>;
