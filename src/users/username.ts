import { createHash } from 'node:crypto';

/** 3–32 of `a-z 0-9 _ . -`; one spelling only, so that nobody is impersonated by upper case or look-alikes. */
export const USERNAME = /^[a-z0-9_.-]{3,32}$/;

/** What is kept of a deleted account's username. */
export function usernameDigest(username: string): Buffer {
  return createHash('sha256').update(username).digest();
}

/** The name that a deleted account's emptied row gets: longer than any that can be chosen. */
export function deletedUsername(userId: string): string {
  return `deleted-${userId}`;
}
