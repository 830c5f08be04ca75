import type { ComponentType } from 'preact';
import { Page as FirstLogin } from '../pages/first-login.js';
import { Page as ForgotPassword } from '../pages/forgot-password.js';
import { Page as NotFound } from '../pages/not-found.js';
import { Page as Register } from '../pages/register.js';
import { Page as ResetPassword } from '../pages/reset-password.js';
import { Page as SecondFactor } from '../pages/second-factor.js';
import { Page as SignIn } from '../pages/sign-in.js';
import { Page as VerifyEmail } from '../pages/verify-email.js';

/** What the address says beside the page. */
export interface PageProps {
  /** The part of the path behind the page's own, such as a chat's id. */
  readonly id: string | null;
}

export interface Page {
  /** `guest`: who is signed in goes on. `pending`: the page of that step. `user`: signed in for good. */
  readonly access: 'public' | 'guest' | 'pending' | 'user';
  readonly load: () => Promise<{ readonly Page: ComponentType<PageProps> }>;
}

/** What stands before the sign-in comes at once, what is behind it when it is wanted. */
const PAGES: Record<string, Page> = {
  'sign-in': { access: 'guest', load: async () => ({ Page: SignIn }) },
  register: { access: 'guest', load: async () => ({ Page: Register }) },
  'forgot-password': { access: 'public', load: async () => ({ Page: ForgotPassword }) },
  'reset-password': { access: 'public', load: async () => ({ Page: ResetPassword }) },
  'verify-email': { access: 'public', load: async () => ({ Page: VerifyEmail }) },
  '2fa': { access: 'pending', load: async () => ({ Page: SecondFactor }) },
  'first-login': { access: 'pending', load: async () => ({ Page: FirstLogin }) },
  about: { access: 'public', load: () => import('../pages/about.js') },
  contacts: { access: 'user', load: () => import('../pages/contact.js') },
  settings: { access: 'user', load: () => import('../pages/settings.js') },
  home: { access: 'user', load: () => import('../pages/home.js') },
};

const NOT_FOUND: Page = { access: 'public', load: async () => ({ Page: NotFound }) };

/** The page of a path. */
export function pageOf(path: string): {
  readonly page: Page;
  readonly name: string;
  readonly id: string | null;
} {
  const [, name = '', id = null, ...rest] = path.replace(/\/$/, '').split('/');
  const page = Object.hasOwn(PAGES, name) ? PAGES[name] : undefined;
  if (page === undefined || rest.length > 0) return { page: NOT_FOUND, name: '', id: null };
  try {
    return { page, name, id: id === null ? null : decodeURIComponent(id) };
  } catch {
    // A broken escape in the address, such as `%E0%A`.
    return { page: NOT_FOUND, name: '', id: null };
  }
}
