/** Why somebody goes to 42. It stands in the encrypted cookie of the round trip, out of everybody's reach. */
export type Purpose =
  | { readonly kind: 'sign-in' }
  /** For somebody who is signed in here: only the very session that began it ends it. */
  | { readonly kind: 'link' | 'reauthenticate'; readonly userId: string; readonly sessionId: string };

export type SessionPurpose = Exclude<Purpose, { kind: 'sign-in' }>;

export const SIGN_IN: Purpose = { kind: 'sign-in' };

const SIGN_IN_PAGE = '/sign-in';
const SETTINGS_PAGE = '/settings';

/** Where the browser goes when the round trip came to nothing, with the reason as `error`. */
export function troublePage(purpose: Purpose, returnTo: string | null, code: string): string {
  const page = purpose.kind === 'sign-in' ? SIGN_IN_PAGE : (returnTo ?? SETTINGS_PAGE);
  // Never resolved against; `returnTo` was checked to be a path of this site.
  const url = new URL(page, 'https://sealgate.invalid');
  url.searchParams.set('error', code);
  return `${url.pathname}${url.search}${url.hash}`;
}

/** Where it goes when all went well. */
export function settingsPage(returnTo: string | null): string {
  return returnTo ?? SETTINGS_PAGE;
}
