import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { describe, expect, it } from 'vitest';
import { Metrics } from '../../common/metrics.js';
import { SignInMetrics } from '../sign-in/sign-in.metrics.js';
import { createLogger } from '../../common/logging.js';
import { FortyTwoRedirectFilter } from './fortytwo-redirect.filter.js';
import { FortyTwoError } from './fortytwo.errors.js';

/** The one line that is logged. */
function logged(thrown: unknown): { level: string; [member: string]: unknown } {
  const lines: string[] = [];
  const filter = new FortyTwoRedirectFilter(
    createLogger('info', { write: (line) => void lines.push(line) }),
    new SignInMetrics(new Metrics()),
  );
  const reply = { redirect: () => undefined };
  filter.catch(thrown, new ExecutionContextHost([{ id: 'r1' }, reply]));
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? '{}') as { level: string };
}

describe('a sign-in with 42 that failed', () => {
  it('is a line without a stack where 42 or the person ended it: anybody can link to the callback', () => {
    for (const code of [
      'access_denied',
      'invalid_state',
      'provider_error',
      'provider_unavailable',
    ] as const) {
      const line = logged(new FortyTwoError(code, 'somebody typed an address', new Error('told by 42')));
      expect(line).toMatchObject({
        level: 'info',
        code,
        why: ['somebody typed an address', 'told by 42'],
      });
      expect(JSON.stringify(line)).not.toContain('    at ');
    }
  });

  it('is an error with a stack where it is ours', () => {
    expect(logged(new TypeError('a mistake'))).toMatchObject({
      level: 'error',
      err: { stack: expect.any(String) },
    });
  });
});
