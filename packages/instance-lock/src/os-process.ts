import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { errorCode } from './error-code.js';

const run = promisify(execFile);

/** The start token of a process that runs, where the system does not tell when it began. */
export const UNTOLD = 'unknown';

/**
 * When the process began, in whatever unit the system has: with the pid it names one process for good, because pids
 * are given out again. Undefined when it does not run; a zombie does not run, though signals still find it.
 */
export async function startTokenOf(pid: number): Promise<string | undefined> {
  if (process.platform === 'win32') return untoldIfRunning(pid);
  if (process.platform === 'linux') {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    // The command may hold spaces and parentheses: the fields proper begin after the last one.
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (stat === '') return untoldIfRunning(pid);
    return state === 'Z' || state === 'X' ? undefined : fields[18];
  }
  const line = await ps(pid, 'stat=,lstart=');
  if (line === '') return untoldIfRunning(pid);
  return line.startsWith('Z') ? undefined : line.replace(/^\S+\s+/, '');
}

/** Not to be read is not to be dead. */
function untoldIfRunning(pid: number): string | undefined {
  return answersSignal(pid) ? UNTOLD : undefined;
}

/** The command with its arguments, separated by spaces; undefined where the system does not tell. */
export async function commandLineOf(pid: number): Promise<string | undefined> {
  if (process.platform === 'win32') return undefined;
  if (process.platform !== 'linux') return ps(pid, 'command=');
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return text.replaceAll('\0', ' ').trim();
}

async function ps(pid: number, format: string): Promise<string> {
  // One spelling of the time, whoever asks.
  const options = { env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' } };
  const args = ['-ww', '-o', format, '-p', String(pid)];
  const { stdout } = await run('ps', args, options).catch(() => ({ stdout: '' }));
  return stdout.trim();
}

/** Whether the pid is taken, even by a zombie or by another user's process. */
export function answersSignal(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}
