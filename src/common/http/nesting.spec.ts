import { describe, expect, it } from 'vitest';
import { isNestedDeeperThan } from './nesting.js';

describe('isNestedDeeperThan', () => {
  it('counts objects and arrays, and not what looks like them in strings', () => {
    expect(isNestedDeeperThan('{"a":[{"b":1}]}', 3)).toBe(false);
    expect(isNestedDeeperThan('{"a":[{"b":1}]}', 2)).toBe(true);
    expect(isNestedDeeperThan('{"a":"[[[[[[","b":"\\"[[[["}', 1)).toBe(false);
    expect(isNestedDeeperThan('[[],[],[],[]]', 2)).toBe(false);
  });

  it('stops at the limit of a text that is all brackets', () => {
    expect(isNestedDeeperThan('['.repeat(250_000), 32)).toBe(true);
  });
});
