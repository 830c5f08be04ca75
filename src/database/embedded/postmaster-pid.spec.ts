import { describe, expect, it } from 'vitest';
import { parsePostmasterPid } from './postmaster-pid.js';

const lines = (...parts: string[]): string => `${parts.join('\n')}\n`;
const ready = lines(
  '4711',
  '/data dir/postgres',
  '1760000000',
  '5433',
  '',
  '127.0.0.1',
  ' 12345  678',
  'ready   ',
);

describe('parsePostmasterPid', () => {
  it('reads the pid, the port and the padded state of a server that is ready', () => {
    expect(parsePostmasterPid(ready)).toEqual({ pid: 4711, port: 5433, state: 'ready' });
  });

  it.each(['starting', 'stopping', 'standby'])('reads the state %s', (state) => {
    expect(parsePostmasterPid(ready.replace('ready   ', state))).toMatchObject({ state });
  });

  it('leaves out what a server that has just begun has not written yet', () => {
    expect(parsePostmasterPid(lines('4711', '/data', '1760000000'))).toEqual({ pid: 4711 });
  });

  it('leaves out a state it does not know', () => {
    expect(parsePostmasterPid(ready.replace('ready   ', 'resting'))).toEqual({ pid: 4711, port: 5433 });
  });

  it('reads the negated pid of a standalone backend', () => {
    expect(parsePostmasterPid(lines('-4711', '/data', '1760000000'))).toEqual({ pid: 4711 });
  });

  it('reads the line ends of Windows', () => {
    expect(parsePostmasterPid(ready.replaceAll('\n', '\r\n'))).toEqual({
      pid: 4711,
      port: 5433,
      state: 'ready',
    });
  });

  it.each(['', '\n', 'no pid\n', '0\n', '\0\0\0\0', '1.5\n'])('finds nothing in %j', (text) => {
    expect(parsePostmasterPid(text)).toBeUndefined();
  });
});
