import { createHash } from 'node:crypto';
import type { Fake42User } from './people.js';

const API = 'https://api.intra.42.fr/v2';
const CDN = 'https://cdn.intra.42.fr/users';
const CAMPUS = { id: 1, name: 'Paris', time_zone: 'Europe/Paris', country: 'France' };
const CURSUS = {
  id: 21,
  created_at: '2019-07-29T08:45:17.896Z',
  name: '42cursus',
  slug: '42cursus',
  kind: 'main',
};
const PROJECTS = [
  'Libft',
  'get_next_line',
  'ft_printf',
  'Born2beroot',
  'push_swap',
  'minitalk',
  'so_long',
] as const;
const SKILLS = [
  'Unix',
  'Rigor',
  'Algorithms & AI',
  'Imperative programming',
  'Network & system administration',
];
const ACHIEVEMENTS = ['Welcome, Cadet !', 'Bonus Hunter', "I'm reliable !", 'Code Explorer'] as const;

export type Profile = Record<string, unknown>;

/** The body of `GET /v2/me`: the members, the nesting and about the size of the real one. */
export function profileOf(user: Fake42User, nowMs: number): Profile {
  const year = user.poolYear ?? '2023';
  const begunAt = `${year}-10-02T07:42:00.000Z`;
  const fullName = `${user.firstName} ${user.lastName}`;
  const erasure = `${Number(year) + 9}-10-02T00:00:00.000+02:00`;
  return {
    id: user.id,
    email: user.email,
    login: user.login,
    first_name: user.firstName,
    last_name: user.lastName,
    usual_full_name: fullName,
    usual_first_name: null,
    url: `${API}/users/${user.login}`,
    phone: 'hidden',
    displayname: fullName,
    kind: 'student',
    image: imageOf(user),
    'staff?': false,
    correction_point: 4,
    pool_month: user.poolMonth ?? 'july',
    pool_year: year,
    location: null,
    wallet: 142,
    anonymize_date: erasure,
    data_erasure_date: erasure,
    created_at: `${year}-06-19T09:12:33.512Z`,
    updated_at: new Date(nowMs).toISOString(),
    alumnized_at: null,
    'alumni?': false,
    'active?': true,
    groups: [],
    cursus_users: [cursusUser(user, begunAt)],
    projects_users: PROJECTS.map((name, index) => projectUser(user, name, index, begunAt)),
    languages_users: [
      { id: user.id + 300_000, language_id: 2, user_id: user.id, position: 1, created_at: begunAt },
      { id: user.id + 300_001, language_id: 1, user_id: user.id, position: 2, created_at: begunAt },
    ],
    achievements: ACHIEVEMENTS.map((name, index) => achievement(name, index)),
    titles: [{ id: 7, name: 'Philanthropist %login' }],
    titles_users: [
      {
        id: user.id + 500_000,
        user_id: user.id,
        title_id: 7,
        selected: true,
        created_at: begunAt,
        updated_at: begunAt,
      },
    ],
    partnerships: [],
    patroned: [],
    patroning: [],
    expertises_users: [],
    roles: [],
    campus: [{ ...CAMPUS, language: { id: 1, name: 'Français', identifier: 'fr' }, users_count: 18_000 }],
    campus_users: [
      {
        id: user.id + 700_000,
        user_id: user.id,
        campus_id: CAMPUS.id,
        is_primary: true,
        created_at: begunAt,
        updated_at: begunAt,
      },
    ],
  };
}

function imageOf(user: Fake42User): Profile {
  if (user.imageUrl === null) {
    return { link: null, versions: { large: null, medium: null, small: null, micro: null } };
  }
  const version = (size: string) => `${CDN}/${digest(user, size)}/${size}_${user.login}.jpg`;
  return {
    link: user.imageUrl ?? `${CDN}/${digest(user, 'link')}/${user.login}.jpg`,
    versions: {
      large: version('large'),
      medium: version('medium'),
      small: version('small'),
      micro: version('micro'),
    },
  };
}

function digest(user: Fake42User, size: string): string {
  return createHash('sha256').update(`${user.id}/${size}`).digest('hex').slice(0, 32);
}

function cursusUser(user: Fake42User, begunAt: string): Profile {
  return {
    id: user.id + 100_000,
    begin_at: begunAt,
    end_at: null,
    grade: 'Cadet',
    level: 6.42,
    skills: SKILLS.map((name, index) => ({ id: index + 1, name, level: 6.5 - index })),
    cursus_id: CURSUS.id,
    has_coalition: true,
    blackholed_at: null,
    created_at: begunAt,
    updated_at: begunAt,
    user: { id: user.id, email: user.email, login: user.login, url: `${API}/users/${user.login}` },
    cursus: CURSUS,
  };
}

function projectUser(user: Fake42User, name: string, index: number, begunAt: string): Profile {
  return {
    id: user.id * 10 + index,
    occurrence: 0,
    final_mark: 100 + index,
    status: 'finished',
    'validated?': true,
    current_team_id: user.id * 20 + index,
    project: { id: 1314 + index, name, slug: `42cursus-${name.toLowerCase()}`, parent_id: null },
    cursus_ids: [CURSUS.id],
    marked_at: begunAt,
    marked: true,
    retriable_at: null,
    created_at: begunAt,
    updated_at: begunAt,
  };
}

function achievement(name: string, index: number): Profile {
  return {
    id: 41 + index,
    name,
    description: 'Awarded by the stand-in for 42.',
    tier: 'none',
    kind: 'project',
    visible: true,
    image: `/uploads/achievement/image/${41 + index}/badge.svg`,
    nbr_of_success: null,
    users_url: `${API}/achievements/${41 + index}/users`,
  };
}
