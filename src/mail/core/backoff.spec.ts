import { expect, it } from 'vitest';
import { backoffSeconds } from './backoff.js';

it('doubles from a minute to six hours', () => {
  expect([1, 2, 3, 9, 10, 2000].map(backoffSeconds)).toEqual([60, 120, 240, 15_360, 21_600, 21_600]);
});
