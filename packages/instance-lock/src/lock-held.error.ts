/** Another process holds the lock, or this one does already. */
export class LockHeldError extends Error {
  override readonly name = 'LockHeldError';

  /**
   * @param pid of the process that holds it, as its own container or host counts
   * @param path of the lock's directory
   */
  constructor(
    readonly pid: number,
    readonly path: string,
  ) {
    super(`process ${pid} holds the lock ${path}`);
  }
}
