import { expect, it } from 'vitest';
import { readableUntil } from '../../crypto/key-ring/core/key-life.js';
import { ACCESS_TOKEN_SECONDS } from './access-tokens.service.js';

it('a key that was rotated out outlives every token that it signed, by what clocks may differ', () => {
  const now = new Date();
  const retired = { state: 'retired', createdAt: now, activatedAt: now, retiredAt: now } as const;
  const until = readableUntil({ ...retired, purpose: 'access-token' })?.getTime() ?? 0;
  expect(until - now.getTime()).toBeGreaterThanOrEqual((ACCESS_TOKEN_SECONDS + 300) * 1000);
});
