import { describe, expect, it } from 'vitest';
import { createLogger } from './logging.js';

function logged(data: Record<string, unknown>): Record<string, unknown> {
  const lines: string[] = [];
  createLogger('info', { write: (line) => void lines.push(line) }).info(data, 'test');
  return JSON.parse(lines[0] ?? '{}') as Record<string, unknown>;
}

describe('the log', () => {
  it.each(['second_factor_locked', '23505', 'ECONNREFUSED', 'ERR_INVALID_ARG_TYPE', '08P01'])(
    'says which error it was: %s',
    (code) => {
      const error = Object.assign(new Error('failed'), { code });
      expect(logged({ code, err: error })).toMatchObject({ code, err: { code, message: 'failed' } });
    },
  );

  it.each(['123456', '000000', 'ABCD-EFGH-JKLM-NPQR', 'f'.repeat(64), '', 123_456])(
    'does not say the code that somebody typed: %j',
    (code) => {
      expect(logged({ code, nested: { code } })).toMatchObject({
        code: '[redacted]',
        nested: { code: '[redacted]' },
      });
    },
  );

  it('says no secret, wherever it stands', () => {
    const line = JSON.stringify(
      logged({
        password: 'p4ss',
        a: { token: 't0ken', b: { email: 'ada@example.org' } },
        body: { x: 's3cret' },
      }),
    );
    expect(line).not.toMatch(/p4ss|t0ken|ada@|s3cret/);
  });
});
