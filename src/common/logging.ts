import { Injectable, type LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger, type LoggerOptions } from 'pino';

/** Names whose values never reach a log, wherever they stand in the data. */
const SECRET_NAMES = [
  'password', 'currentPassword', 'newPassword', 'recoveryCode', 'secret', 'token', 'accessToken',
  'refreshToken', 'cookie', 'authorization', 'email', 'body', 'plaintext', 'privateKey', 'signingKey', 'profile',
]; // prettier-ignore

/** `code` is of a problem, of a library or an SQLSTATE, and worth knowing; a person's has six digits, 42's is longer. */
const ERROR_CODE = /^(?!\d{6}$)\w{1,48}$/;

function censor(value: unknown, path: string[]): unknown {
  const isErrorCode = path.at(-1) === 'code' && typeof value === 'string' && ERROR_CODE.test(value);
  return isErrorCode ? value : '[redacted]';
}

/**
 * The JSON logger: constant message, data second; redaction is the second line of defence behind not logging.
 * @param stream where it writes, instead of standard output.
 */
export function createLogger(level: string, stream?: DestinationStream): Logger {
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: [...SECRET_NAMES, 'code'].flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
      censor,
    },
    serializers: { err: describeError, cause: describeError },
  };
  return stream === undefined ? pino(options) : pino(options, stream);
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
