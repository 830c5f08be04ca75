/**
 * SQLSTATE classes and Node codes that mean "the database cannot serve now, nothing was committed": connection
 * exceptions (08), a standby that is not promoted yet (25006), an idle transaction that was ended (25P03), transactions
 * in each other's way (40001, 40P01), insufficient resources (53), shutdown and recovery (57P0x), a statement that took
 * too long (57014), system errors (58); and pool, name and socket failures.
 * @see PostgreSQL documentation, appendix A
 */
const UNAVAILABLE = new RegExp(
  '^(08...|25006|25P03|40001|40P01|53...|57014|57P0[1-5]|58...|' +
    'ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOENT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$',
);
/** node-postgres reports these without a code. */
const MESSAGES =
  /timeout exceeded when trying to connect|Connection terminated|connection timeout|Client has encountered a connection error|Client was closed/i;
/** TypeORM takes the connection away from a transaction whose connection was lost between two statements. */
const LOST_TRANSACTION = /^QueryRunner(Provider)?AlreadyReleasedError$/;

/** True where the answer is "try again soon" (503) and not a fault of ours (500). */
export function isDatabaseUnavailable(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  // One for each address that a name stands for.
  if (thrown instanceof AggregateError) return thrown.errors.some(isDatabaseUnavailable);
  const { code, driverError } = thrown as { code?: unknown; driverError?: { code?: unknown } };
  const codes = [code, driverError?.code].filter((value) => typeof value === 'string');
  const isQuery = thrown.name === 'QueryFailedError' || 'severity' in thrown || 'syscall' in thrown;
  if (isQuery && codes.some((value) => UNAVAILABLE.test(value))) return true;
  return LOST_TRANSACTION.test(thrown.name) || MESSAGES.test(thrown.message);
}
