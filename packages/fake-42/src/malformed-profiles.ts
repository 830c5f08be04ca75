import type { ProfileFaultKind } from './faults.js';
import type { Profile } from './profile.js';

/** An address that belongs to somebody else at the application that is being tested. */
export type OtherEmail = string | null;

/** What each profile fault makes of a good `/v2/me` body. */
const malformations: Record<ProfileFaultKind, (profile: Profile, otherEmail: OtherEmail) => unknown> = {
  null_body: () => null,
  empty_object: () => ({}),
  array_body: () => [],
  id_missing: (profile) => without(profile, 'id'),
  id_string: (profile) => ({ ...profile, id: String(profile['id']) }),
  id_zero: (profile) => ({ ...profile, id: 0 }),
  id_negative: (profile) => ({ ...profile, id: -42 }),
  id_fraction: (profile) => ({ ...profile, id: 42.5 }),
  id_huge: (profile) => ({ ...profile, id: 2 ** 53 }),
  image_null: (profile) => ({ ...profile, image: null }),
  image_missing: (profile) => without(profile, 'image'),
  image_link_null: (profile) => ({ ...profile, image: { link: null, versions: {} } }),
  image_link_http: (profile) => ({
    ...profile,
    image: { link: 'http://cdn.intra.42.fr/users/a.jpg', versions: {} },
  }),
  email_null: (profile) => ({ ...profile, email: null }),
  email_missing: (profile) => without(profile, 'email'),
  email_malformed: (profile) => ({ ...profile, email: 'not an address <@>' }),
  email_of_another: (profile, otherEmail) => ({ ...profile, email: otherEmail }),
  login_missing: (profile) => without(profile, 'login'),
  login_odd: (profile) => ({ ...profile, login: '<b>ad\u202Emin</b>/../\u0000' }),
  login_long: (profile) => ({ ...profile, login: 'x'.repeat(200) }),
  anonymised: (profile) => anonymised(profile),
};

export function malformProfile(kind: ProfileFaultKind, profile: Profile, otherEmail: OtherEmail): unknown {
  return malformations[kind](profile, otherEmail);
}

function without(profile: Profile, member: string): Profile {
  return Object.fromEntries(Object.entries(profile).filter(([name]) => name !== member));
}

/** After `anonymize_date` 42 keeps the id and forgets the person. */
function anonymised(profile: Profile): Profile {
  const login = `3b3-${Number(profile['id']).toString(16)}`;
  return {
    ...profile,
    login,
    email: `${login}@anonymised.42.example`,
    first_name: '3b3',
    last_name: '3b3',
    usual_full_name: '3b3 3b3',
    displayname: '3b3 3b3',
    phone: null,
    image: { link: null, versions: { large: null, medium: null, small: null, micro: null } },
    'active?': false,
  };
}
