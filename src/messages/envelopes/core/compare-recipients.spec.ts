import { expect, it } from 'vitest';
import { compareRecipients } from './compare-recipients.js';

const ada = { userId: 'ada', kid: 'a2', version: 2 };
const bob = { userId: 'bob', kid: 'b1', version: 1 };

it('takes exactly the current keys, in whatever order', () => {
  expect(compareRecipients([ada, bob], ['b1', 'a2'])).toBeNull();
});

it('names the current keys that are missing and the others that are there', () => {
  expect(compareRecipients([ada, bob], ['a1', 'b1'])).toEqual({ missing: [ada], extra: ['a1'] });
  expect(compareRecipients([ada, bob], ['a2'])).toEqual({ missing: [bob], extra: [] });
  expect(compareRecipients([ada], ['a2', 'b1'])).toEqual({ missing: [], extra: ['b1'] });
});
