import type { Me, NextStep } from '@sealgate/client';
import { signal } from '@preact/signals';
import { navigate, returnTo, withReturnTo } from './location.js';
import { sealgate } from './sealgate.js';

/** Who is signed in here: null for nobody, undefined while it is not known. */
export const me = signal<Me | null | undefined>(undefined);
/** Why it could not be found out. */
export const meError = signal<unknown>(null);

const PAGES: Record<NextStep, string> = { '2fa': '/2fa', 'first-login': '/first-login', home: '/home' };

/** Asks the server who is signed in. */
export async function loadMe(): Promise<void> {
  meError.value = null;
  try {
    me.value = await sealgate.auth.meOrNull();
  } catch (error) {
    meError.value = error;
  }
}

/** After a step of the sign-in: on to the next one, or to where the person wanted to go. */
export async function goOn(): Promise<void> {
  const target = returnTo();
  me.value = await sealgate.auth.me();
  navigate(pageOfNext(me.value.next, target), { replace: true });
}

/** The page of the next step. */
export function pageOfNext(next: NextStep, target: string | null): string {
  if (next !== 'home') return withReturnTo(PAGES[next], target);
  return target !== null && target.startsWith('/') && !target.startsWith('/sign-in') ? target : '/home';
}

/** Ends the session here. */
export async function signOut(): Promise<void> {
  await sealgate.auth.logout();
  me.value = null;
  navigate('/sign-in', { replace: true });
}
