import { describe, expect, it } from 'vitest';
import { SecretBox } from './secret-box.js';

const OLD = 'an old master key of enough length';
const NEW = 'a new master key of enough length!';
const secret = Buffer.from('JBSWY3DPEHPK3PXP');

describe('SecretBox', () => {
  it('opens what it sealed, in the same context only', () => {
    const box = new SecretBox(NEW, null);
    const sealed = box.seal(secret, 'totp:1');
    expect(box.open(sealed, 'totp:1')).toEqual(secret);
    expect(() => box.open(sealed, 'totp:2')).toThrow();
    expect(sealed.includes(secret)).toBe(false);
  });

  it('refuses every changed bit', () => {
    const box = new SecretBox(NEW, null);
    const sealed = box.seal(secret, 'totp:1');
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => box.open(changed, 'totp:1')).toThrow();
    }
  });

  it('opens what the previous master key sealed and marks it stale', () => {
    const sealed = new SecretBox(OLD, null).seal(secret, 'totp:1');
    const box = new SecretBox(NEW, OLD);
    expect(box.open(sealed, 'totp:1')).toEqual(secret);
    expect(box.isStale(sealed)).toBe(true);
    expect(box.isStale(box.seal(secret, 'totp:1'))).toBe(false);
    expect(() => new SecretBox(NEW, null).open(sealed, 'totp:1')).toThrow('MASTER_KEY');
  });
});
