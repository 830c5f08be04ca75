import { signal } from '@preact/signals';

/** Where the person is. */
export const here = signal(new URL(window.location.href));

/** Goes to a path of this app. */
export function navigate(path: string, { replace = false }: { replace?: boolean } = {}): void {
  const url = new URL(path, window.location.origin);
  if (replace) history.replaceState(null, '', url);
  else history.pushState(null, '', url);
  here.value = url;
}

/** The path to come back to after the sign-in; never another site's. */
export function returnTo(): string | null {
  const wanted = here.value.searchParams.get('returnTo');
  if (wanted === null || !URL.canParse(wanted, window.location.origin)) return null;
  const url = new URL(wanted, window.location.origin);
  if (url.origin !== window.location.origin || !wanted.startsWith('/')) return null;
  return url.pathname + url.search + url.hash;
}

/** The same address with where to come back to. */
export function withReturnTo(path: string, target: string | null): string {
  return target === null || target === '/home' ? path : `${path}?returnTo=${encodeURIComponent(target)}`;
}

/** Links inside the app change the page without loading it anew. */
export function followLinks(): void {
  window.addEventListener('popstate', () => (here.value = new URL(window.location.href)));
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element).closest('a');
    const isOurs = link !== null && link.origin === window.location.origin && link.target === '';
    // The server's own addresses, and a mere place on this page, are the browser's.
    if (!isOurs || link.hasAttribute('download') || /^\/(?:auth|api)\//.test(link.pathname)) return;
    if (link.hash !== '' && link.pathname === window.location.pathname) return;
    event.preventDefault();
    navigate(link.pathname + link.search + link.hash);
  });
}
