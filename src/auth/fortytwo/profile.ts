import { parseAvatarUrl } from '../../users/avatar-url.js';
import { isEmailAddress, normalizeEmail } from '../../users/account-fields.js';
import { presentableName } from '../../users/display-name.js';
import { FortyTwoError } from './fortytwo.errors.js';

/** What is taken over from 42. Only the id identifies a person: login and e-mail change when 42 anonymises. */
export interface FortyTwoProfile {
  fortytwoId: number;
  /** Lower case, at most 64 of `a-z 0-9 _ . -`; a wish for a username, not one. */
  login: string | null;
  /** Lower case. 42 does not say that it is verified, so it links no accounts. */
  email: string | null;
  /** Fit to be shown: `presentableName`. */
  displayName: string | null;
  /** On 42's own server: `parseAvatarUrl`. */
  avatarUrl: string | null;
}

const LOGIN = /^[a-z0-9_.-]{1,64}$/;

/**
 * Reads an untrusted `/v2/me` body. Whatever is malformed counts as missing, but for the id.
 *
 * @throws FortyTwoError `provider_error` without a usable id: accounts found by `undefined` would be one account
 */
export function parseProfile(body: unknown): FortyTwoProfile {
  const profile = members(body);
  const { id } = profile;
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id <= 0) {
    throw new FortyTwoError('provider_error', 'the profile has no usable id');
  }
  return {
    fortytwoId: id,
    login: parseLogin(profile['login']),
    email: parseEmail(profile['email']),
    displayName: parseDisplayName(profile['usual_full_name']) ?? parseDisplayName(profile['displayname']),
    avatarUrl: parsePicture(members(profile['image'])['link']),
  };
}

function members(value: unknown): Record<string, unknown> {
  return typeof value === 'object' ? { ...value } : {};
}

/** All or nothing: leaving odd characters out could turn one person's login into another's. */
function parseLogin(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const login = value.toLowerCase();
  return LOGIN.test(login) ? login : null;
}

function parseEmail(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const email = normalizeEmail(value);
  return isEmailAddress(email) ? email : null;
}

function parseDisplayName(value: unknown): string | null {
  return typeof value === 'string' ? presentableName(value) : null;
}

function parsePicture(value: unknown): string | null {
  return typeof value === 'string' ? parseAvatarUrl(value) : null;
}
