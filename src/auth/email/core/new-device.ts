import { isIPv4 } from 'node:net';
import { networkOf } from '../../../limits/core/network.js';
import { deviceName } from '../../sessions/device-name.js';

/** A sign-in as the security log keeps it. */
export interface PastSignIn {
  readonly ip: string | null;
  readonly userAgent: string | null;
}

/**
 * True where nobody has signed in to the account with such a device, or from such a place, before. Without a cookie
 * that marks devices, a place is a provider's network (IPv4 /16, IPv6 /32): a new address at home is not worth a
 * mail, the commonest browser in another country is.
 */
export function isNewDevice(signIn: PastSignIn, earlier: readonly PastSignIn[]): boolean {
  // The account's first sign-in is its registration.
  if (earlier.length === 0) return false;
  const device = deviceName(signIn.userAgent ?? '');
  const place = placeOf(signIn.ip ?? '');
  return (
    !earlier.some(({ userAgent }) => deviceName(userAgent ?? '') === device) ||
    !earlier.some(({ ip }) => placeOf(ip ?? '') === place)
  );
}

function placeOf(ip: string): string {
  const network = networkOf(ip);
  return isIPv4(network) ? network.split('.', 2).join('.') : network.split(':', 2).join(':');
}
