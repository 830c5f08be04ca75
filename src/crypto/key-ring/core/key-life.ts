import type { KeyPurpose, KeyState } from '../server-key.entity.js';

/** How long whoever reads a key set may keep it, in seconds: the `max-age` of both key sets. */
export const KEY_SET_MAX_AGE_SECONDS = 300;

/**
 * A key is published for this long before it is used, so that no copy of a key set that lacks it is still in use. More
 * than the `max-age`: widespread libraries keep a set for 10 minutes whatever its headers say.
 */
export const PUBLISHED_BEFORE_USE_SECONDS = 15 * 60;

/**
 * For how long a retired key still verifies or opens, in seconds. Access tokens: their 15 minutes, and 5 for clocks that
 * differ. Sealed requests: whoever cached the key set, or holds a request back, has a day.
 */
const READABLE_FOR_SECONDS: Record<RotatingPurpose, number> = {
  'access-token': 20 * 60,
  'sealed-encryption': 24 * 3600,
  'sealed-signature': 24 * 3600,
};

/** Every use of a key, in the order in which people are shown them. */
export const PURPOSES = [
  'access-token',
  'sealed-encryption',
  'sealed-signature',
  'key-log',
] as const satisfies readonly KeyPurpose[];

/** The log's key never changes by itself: it is what clients pin. */
export type RotatingPurpose = Exclude<KeyPurpose, 'key-log'>;

export const ROTATING_PURPOSES: readonly RotatingPurpose[] = PURPOSES.filter(isRotating);

export function isRotating(purpose: string): purpose is RotatingPurpose {
  return purpose !== 'key-log' && (PURPOSES as readonly string[]).includes(purpose);
}

/** What decides over a key at a point in time. */
export interface KeyLife {
  readonly purpose: KeyPurpose;
  readonly state: KeyState;
  readonly createdAt: Date;
  readonly activatedAt: Date | null;
  readonly retiredAt: Date | null;
}

/** When a retired key stops to verify and to open; null while it is in use or waits. */
export function readableUntil({ purpose, state, retiredAt }: KeyLife): Date | null {
  if (state !== 'retired' || retiredAt === null || !isRotating(purpose)) return null;
  return addSeconds(retiredAt, READABLE_FOR_SECONDS[purpose]);
}

/** True where signatures by the key still count and ciphertexts to it are still opened. */
export function isReadable(key: KeyLife, now: Date): boolean {
  if (key.state === 'revoked') return false;
  const until = readableUntil(key);
  return until === null || until > now;
}

/**
 * From when on the waiting key may take over. At once, where it is as old as the active one: then no key set was ever
 * published without it.
 */
export function usableFrom(next: KeyLife, active: KeyLife): Date {
  if (next.createdAt <= active.createdAt) return next.createdAt;
  return addSeconds(next.createdAt, PUBLISHED_BEFORE_USE_SECONDS);
}

/** True where the active key has served for `days` and the schedule wants the next one. */
export function isDue(active: KeyLife, days: number, now: Date): boolean {
  return addSeconds(active.activatedAt ?? active.createdAt, days * 24 * 3600) <= now;
}

function addSeconds(date: Date, seconds: number): Date {
  return new Date(date.getTime() + seconds * 1000);
}
