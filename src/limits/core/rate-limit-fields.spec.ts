import { describe, expect, it } from 'vitest';
import { rateLimitFields } from './rate-limit-fields.js';

const spent = { name: 'login-ip', quota: 10, windowSeconds: 60, remaining: 3, resetSeconds: 41.2 };

describe('rateLimitFields', () => {
  it('writes the policy and the state as structured fields, times in whole seconds', () => {
    expect(rateLimitFields(spent)).toEqual({
      'retry-after': '42',
      'ratelimit-policy': '"login-ip";q=10;w=60',
      ratelimit: '"login-ip";r=3;t=42',
    });
  });

  it('never says that nothing is to wait or that less than nothing is left', () => {
    const fields = rateLimitFields({ ...spent, remaining: -4, resetSeconds: 0 });
    expect(fields).toMatchObject({ 'retry-after': '1', ratelimit: '"login-ip";r=0;t=1' });
  });
});
