import { describe, expect, it } from 'vitest';
import { isNewDevice } from './new-device.js';

const CHROME = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0.0.0 Safari/537.36';
const NEWER_CHROME = CHROME.replace('130', '131');
const home = { ip: '192.0.2.7', userAgent: CHROME };

describe('isNewDevice', () => {
  it.each([
    ['the same device at the same place', home],
    ['another version of the browser', { ...home, userAgent: NEWER_CHROME }],
    ['another address of the provider', { ...home, ip: '192.0.77.7' }],
  ])('is silent about %s', (_, signIn) => {
    expect(isNewDevice(signIn, [home])).toBe(false);
  });

  it.each([
    ['another browser', { ...home, userAgent: 'curl/8.5.0' }],
    ['the same browser at another place', { ...home, ip: '203.0.113.9' }],
    ['a place without a device', { ip: '203.0.113.9', userAgent: null }],
  ])('tells of %s', (_, signIn) => {
    expect(isNewDevice(signIn, [home])).toBe(true);
  });

  it('is silent about the first sign-in of all, and about what was seen in any earlier one', () => {
    expect(isNewDevice(home, [])).toBe(false);
    const travels = [{ ip: '203.0.113.9', userAgent: 'curl/8.5.0' }, home];
    expect(isNewDevice({ ip: '203.0.113.10', userAgent: NEWER_CHROME }, travels)).toBe(false);
  });

  it('takes an IPv6 provider by its /32', () => {
    const v6 = { ...home, ip: '2001:db8:1::1' };
    expect(isNewDevice({ ...home, ip: '2001:db8:ffff::1' }, [v6])).toBe(false);
    expect(isNewDevice({ ...home, ip: '2001:db9::1' }, [v6])).toBe(true);
  });
});
