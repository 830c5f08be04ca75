import { Injectable, type LoggerService } from '@nestjs/common';
import { pino, type Logger } from 'pino';

/** Names whose values never reach a log, wherever they stand in the data. */
const SECRET_NAMES = [
  'password', 'currentPassword', 'newPassword', 'code', 'recoveryCode', 'secret', 'token', 'accessToken',
  'refreshToken', 'cookie', 'authorization', 'email', 'body', 'plaintext', 'privateKey', 'signingKey', 'profile',
]; // prettier-ignore

/** The JSON logger: constant message, data second; redaction is the second line of defence behind not logging. */
export function createLogger(level: string): Logger {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: SECRET_NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
      censor: '[redacted]',
    },
    serializers: { err: describeError, cause: describeError },
  });
}

/**
 * What a log may hold of an error. Not its enumerable members: a failed query carries its parameters,
 * a failed HTTP call its body.
 */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  return {
    type: error.name,
    message: error.message,
    stack: error.stack,
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof constraint === 'string' ? { constraint } : {}),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}

/** Lets Nest's own messages (start-up, shutdown) appear in the same JSON lines. */
@Injectable()
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, context?: unknown): void {
    this.logger.debug({ context }, String(message));
  }
  warn(message: unknown, context?: unknown): void {
    this.logger.warn({ context }, String(message));
  }
  error(message: unknown, stack?: unknown, context?: unknown): void {
    this.logger.error({ context, stack }, String(message));
  }
  debug(message: unknown, context?: unknown): void {
    this.logger.trace({ context }, String(message));
  }
}

/** The injection token of the process's logger. */
export const LOGGER = Symbol('LOGGER');
export type { Logger } from 'pino';
