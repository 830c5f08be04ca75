/**
 * SQLSTATE classes and Node codes that mean "the database cannot serve now, nothing was committed": connection
 * exceptions (08), too many connections (53300), shutdown and recovery (57P0x), pool and socket failures.
 * @see PostgreSQL documentation, appendix A
 */
const UNAVAILABLE = /^(08...|53300|53100|57P0[1-3]|57014|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOENT)$/;
/** node-postgres reports these without a code. */
const MESSAGES =
  /timeout exceeded when trying to connect|Connection terminated|connection timeout|Client has encountered a connection error/i;

/** True where the answer is "try again soon" (503) and not a fault of ours (500). */
export function isDatabaseUnavailable(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  const { code, driverError } = thrown as { code?: unknown; driverError?: { code?: unknown } };
  const codes = [code, driverError?.code].filter((value) => typeof value === 'string');
  const isQuery = thrown.name === 'QueryFailedError' || 'severity' in thrown || 'syscall' in thrown;
  if (isQuery && codes.some((value) => UNAVAILABLE.test(value))) return true;
  return MESSAGES.test(thrown.message);
}
