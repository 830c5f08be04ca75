import { ACCESS_TOKEN_SECONDS } from '../tokens/access-tokens.service.js';

/** A pending session lives as long as its one access token: it cannot be refreshed. */
const PENDING_MS = ACCESS_TOKEN_SECONDS * 1000;
/** Without a refresh for this long, the session is over. */
export const IDLE_MS = 30 * 24 * 3600 * 1000;
/** However busy, a session ends after this (NIST SP 800-63B-4 §2.1.3 asks for an overall limit). */
const ABSOLUTE_MS = 90 * 24 * 3600 * 1000;

/**
 * When a session that begins now ends.
 * @param authTime when a factor was last proven: from there the overall limit counts, however often the id is renewed.
 */
export function lifetimes(
  settled: boolean,
  now: Date,
  authTime: Date,
): { idleExpiresAt: Date; expiresAt: Date } {
  const expiresAt = new Date(settled ? authTime.getTime() + ABSOLUTE_MS : now.getTime() + PENDING_MS);
  return { idleExpiresAt: idleExpiry(now, expiresAt), expiresAt };
}

/** The idle limit after a refresh, never past the absolute one. */
export function idleExpiry(now: Date, expiresAt: Date): Date {
  return new Date(Math.min(now.getTime() + IDLE_MS, expiresAt.getTime()));
}
