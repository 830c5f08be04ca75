import { open, rename, stat, type FileHandle } from 'node:fs/promises';
import type { ServerUser } from './server-user.js';

const ROTATE_AT_BYTES = 10 * 1024 * 1024;
const QUOTED_LINES = 15;
const QUOTED_BYTES = 8 * 1024;

export interface ServerLog {
  path: string;
  file: FileHandle;
  /** Where the log of this start begins. */
  offset: number;
}

/** One old log is kept. The server writes to the file by itself, so that it needs no one to read a pipe. */
export async function openServerLog(path: string, user: ServerUser | undefined): Promise<ServerLog> {
  const size = (await stat(path).catch(() => undefined))?.size ?? 0;
  if (size > ROTATE_AT_BYTES) await rename(path, `${path}.1`);
  const file = await open(path, 'a', 0o600);
  if (user) await file.chown(user.uid, user.gid);
  return { path, file, offset: size > ROTATE_AT_BYTES ? 0 : size };
}

/** The last lines that this start wrote. */
export async function readLogTail({ path, offset }: ServerLog): Promise<string> {
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return '';
  try {
    const { size } = await file.stat();
    const from = Math.max(offset, size - QUOTED_BYTES);
    const { buffer } = await file.read(
      Buffer.alloc(Math.max(0, size - from)),
      0,
      Math.max(0, size - from),
      from,
    );
    return buffer.toString('utf8').trim().split('\n').slice(-QUOTED_LINES).join('\n');
  } finally {
    await file.close();
  }
}
