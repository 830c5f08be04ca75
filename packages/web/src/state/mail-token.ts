/** The token of a mailed link: it stands behind `#`, so that no server and no log sees it, and leaves the address bar. */
export function takeMailToken(): string | null {
  const token = new URLSearchParams(window.location.hash.slice(1)).get('token');
  if (token !== null) history.replaceState(null, '', window.location.pathname);
  return token;
}
