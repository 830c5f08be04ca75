/** SQLSTATE codes that the code asks for by name. @see PostgreSQL documentation, appendix A */
export const SQLSTATE = {
  uniqueViolation: '23505',
  foreignKeyViolation: '23503',
  serializationFailure: '40001',
  deadlockDetected: '40P01',
} as const;

interface DatabaseFailure {
  code?: string;
  constraint?: string;
}

/** True where a named unique constraint refused the write: the translation of a lost race into a domain error. */
export function violatesUnique(error: unknown, constraint: string | RegExp): boolean {
  const { code, constraint: violated = '' } = failureOf(error);
  const isMeant = typeof constraint === 'string' ? violated === constraint : constraint.test(violated);
  return code === SQLSTATE.uniqueViolation && isMeant;
}

/** True where trying the whole transaction again can succeed. */
export function isRetryable(error: unknown): boolean {
  const { code } = failureOf(error);
  return code === SQLSTATE.serializationFailure || code === SQLSTATE.deadlockDetected;
}

/** TypeORM wraps what node-postgres throws. */
function failureOf(error: unknown): DatabaseFailure {
  if (typeof error !== 'object' || error === null) return {};
  const failure = error as DatabaseFailure & { driverError?: DatabaseFailure };
  return failure.driverError ?? failure;
}
