/** 3–32 of `a-z 0-9 _ . -`; one spelling only, so that nobody is impersonated by upper case or look-alikes; not dots and lines alone. */
export const USERNAME = /^(?=.*[a-z0-9])[a-z0-9_.-]{3,32}$/;

/** What people would take for this service itself, or for those who run it. */
const RESERVED = new Set([
  'admin', 'administrator', 'anonymous', 'api', 'auth', 'deleted', 'everyone', 'help', 'helpdesk', 'hostmaster', 'info',
  'mailer-daemon', 'me', 'moderator', 'no-reply', 'nobody', 'noreply', 'null', 'official', 'operator', 'owner',
  'postmaster', 'root', 'sealgate', 'security', 'server', 'staff', 'superuser', 'support', 'sysadmin', 'system', 'team',
  'undefined', 'webmaster',
]); // prettier-ignore

/** Also with dots, dashes or lines in it: `ad.min`, `_root_`. */
export function isReservedUsername(username: string): boolean {
  return RESERVED.has(username) || RESERVED.has(username.replaceAll(/[._-]/g, ''));
}

/** The name that a deleted account's emptied row gets: longer than any that can be chosen. */
export function deletedUsername(userId: string): string {
  return `deleted-${userId}`;
}
