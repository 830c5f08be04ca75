import { createHash } from 'node:crypto';

/** A person at the fake 42. What is left out gets a plausible value in the profile. */
export interface Fake42User {
  id: number;
  login: string;
  firstName: string;
  lastName: string;
  email: string | null;
  /** `null` for people without a photograph. */
  imageUrl?: string | null;
  poolMonth?: string;
  poolYear?: string;
}

/** 42's logins are short, lower case and made of letters, digits and dashes. */
const LOGIN = /^[a-z][a-z0-9-]{1,30}[a-z0-9]$/;

/** Made-up people; the addresses use a reserved name (RFC 2606 §2), so that no test mail reaches anybody. */
export const demoUsers: readonly Fake42User[] = [
  demoUser(98214, 'amoreau', 'Alix', 'Moreau', 'july', '2021'),
  demoUser(134507, 'cokafor', 'Chidi', 'Okafor', 'february', '2022'),
  demoUser(158832, 'eyamada', 'Emi', 'Yamada', 'september', '2022'),
  demoUser(176390, 'lsilva-c', 'Luísa', 'Silva Couto', 'july', '2023'),
  demoUser(201745, 'nlindqvi', 'Nils', 'Lindqvist', 'august', '2024'),
];

function demoUser(
  id: number,
  login: string,
  firstName: string,
  lastName: string,
  poolMonth: string,
  poolYear: string,
) {
  return { id, login, firstName, lastName, email: emailOf(login), poolMonth, poolYear };
}

function emailOf(login: string): string {
  return `${login}@student.42.example`;
}

export function isLogin(text: string): boolean {
  return LOGIN.test(text);
}

/** The accounts of the fake 42, found by id or by login. */
export class People {
  readonly #users = new Map<number, Fake42User>();

  constructor(users: Iterable<Fake42User>) {
    for (const user of users) this.add(user);
  }

  /** @throws TypeError when the id or the login is taken: 42 never has two */
  add(user: Fake42User): void {
    if (this.#users.has(user.id)) throw new TypeError(`There is already a user with the id ${user.id}.`);
    if (this.byLogin(user.login)) throw new TypeError(`There is already a user called ${user.login}.`);
    this.#users.set(user.id, { ...user });
  }

  /** @throws TypeError when nobody has that login */
  update(login: string, patch: Partial<Omit<Fake42User, 'id'>>): void {
    const user = this.byLogin(login);
    if (!user) throw new TypeError(`There is no user called ${login}.`);
    Object.assign(user, patch);
  }

  byId(id: number): Fake42User | undefined {
    return this.#users.get(id);
  }

  byLogin(login: string): Fake42User | undefined {
    return this.all().find((user) => user.login === login);
  }

  all(): Fake42User[] {
    return [...this.#users.values()];
  }

  /**
   * Finds a person, or makes one up. The id comes from the login, so that whoever signs in as a new person in
   * development is the same person after a restart.
   */
  named(login: string): Fake42User {
    const known = this.byLogin(login);
    if (known) return known;
    const digest = createHash('sha256').update(login).digest();
    const id = 1_000_000 + (digest.readUIntBE(0, 6) % 1_000_000_000);
    const firstName = login.charAt(0).toUpperCase() + login.slice(1);
    const user: Fake42User = {
      id,
      login,
      firstName,
      lastName: 'Newcomer',
      email: emailOf(login),
      imageUrl: null,
    };
    this.add(user);
    return user;
  }
}
