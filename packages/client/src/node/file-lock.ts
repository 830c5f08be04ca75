import { open, readFile, unlink } from 'node:fs/promises';

/**
 * Takes a file as a lock: it holds the process id of its owner. One that a dead process left is taken over.
 *
 * @returns what gives it back
 * @throws Error where another process holds it
 */
export async function holdFileLock(path: string): Promise<() => Promise<void>> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const file = await open(path, 'wx', 0o600);
      await file.writeFile(String(process.pid));
      await file.close();
      return () => unlink(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = Number(await readFile(path, 'utf8').catch(() => ''));
    if (attempt > 1 || !Number.isSafeInteger(owner) || owner <= 0 || isAlive(owner))
      throw new Error(`another process (${owner || 'unknown'}) uses this storage; its lock is ${path}`);
    // Gone: of several that see it, one makes the new lock, and the others meet that one.
    await unlink(path).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is a process.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
