export type EmbeddedPostgresErrorCode =
  | 'already_in_use'
  | 'cluster_invalid'
  | 'cluster_missing'
  | 'initdb_failed'
  | 'no_binaries'
  | 'no_server_user'
  | 'start_failed'
  | 'stop_failed'
  | 'unreachable'
  | 'version_mismatch'
  | 'wrong_owner'
  | 'wrong_password';

/** Each message is for whoever runs Sealgate: it says what to do, and never quotes a secret. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';

  constructor(
    readonly code: EmbeddedPostgresErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The code of a system or SQL error (`ENOENT`, `28P01`), where there is one. */
export function errorCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
