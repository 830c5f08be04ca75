/** What is left to do after a first factor was proven. */
export type NextStep = '2fa' | 'first-login' | 'home';

/** The signed-in person, as told to themselves. Times are RFC 3339. */
export interface Account {
  readonly id: string;
  readonly username: string;
  readonly displayName: string;
  readonly email: string | null;
  readonly emailVerified: boolean;
  readonly avatarUrl: string | null;
  readonly role: 'user' | 'admin';
  readonly createdAt: string;
}

/** A first factor was proven. */
export interface SignedIn {
  readonly user: Account;
  readonly next: NextStep;
}

/** Who is signed in, how, and what is left to do. */
export interface Me extends SignedIn {
  readonly session: { readonly id: string; readonly tfa: boolean; readonly amr: readonly string[] };
}

/** Somebody, as every signed-in person sees them. */
export interface User {
  readonly id: string;
  readonly username: string;
  readonly displayName: string;
  readonly avatarUrl: string | null;
  /** Messages can be sealed to this person. */
  readonly hasKeys: boolean;
}

/** The own profile. */
export interface Profile extends User {
  readonly email: string | null;
  readonly emailVerified: boolean;
  /** A new address that counts once mail to it was answered. */
  readonly pendingEmail: string | null;
  readonly role: 'user' | 'admin';
  readonly createdAt: string;
}

/** A signed-in device; `device` reads like "Chrome on Windows". */
export interface Session {
  readonly id: string;
  readonly current: boolean;
  readonly createdAt: string;
  readonly lastSeenAt: string;
  readonly ip: string;
  readonly device: string;
  readonly method: 'password' | '42';
}

/** One line of the account's security log. */
export interface SecurityEvent {
  readonly id: string;
  readonly type: string;
  readonly createdAt: string;
  readonly sessionId: string | null;
  readonly ip: string | null;
  readonly device: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Proof that it is still oneself: one of the three. A recovery code is used up. */
export type IdentityProof =
  { readonly password: string } | { readonly code: string } | { readonly recoveryCode: string };

/** A second step: six digits, or one of the ten recovery codes, which is used up. */
export type SecondFactor = { readonly code: string } | { readonly recoveryCode: string };
