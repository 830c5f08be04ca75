export type PostmasterState = 'starting' | 'stopping' | 'ready' | 'standby';

export interface PostmasterPid {
  pid: number;
  /** Missing until the server has opened its sockets. */
  port?: number;
  /** Missing while the server is still writing the file. */
  state?: PostmasterState;
}

const STATES: readonly string[] = ['starting', 'stopping', 'ready', 'standby'] satisfies PostmasterState[];
const isState = (text: string | undefined): text is PostmasterState => STATES.includes(text ?? '');

/**
 * The lines are: pid, data directory, start time, port, socket directory, listen address, shared memory key, state.
 * The server appends them as it starts, so a reader may find fewer; without a pid the file says nothing.
 *
 * @see PostgreSQL, src/include/utils/pidfile.h
 */
export function parsePostmasterPid(text: string): PostmasterPid | undefined {
  const lines = text.split('\n').map((line) => line.trim());
  // A standalone backend writes its pid negated; it is as much in the way as a postmaster.
  const pid = Math.abs(Number(lines[0]));
  if (!Number.isSafeInteger(pid) || pid === 0) return undefined;
  const port = Number(lines[3]);
  return {
    pid,
    ...(Number.isInteger(port) && port > 0 && { port }),
    ...(isState(lines[7]) && { state: lines[7] }),
  };
}
