/** Keyboards and screen readers start at the heading of the new page, and the tab is named after it. */
export function arrive(): void {
  const heading = document.querySelector<HTMLElement>('h1');
  document.title = heading === null ? 'Sealgate' : `${heading.textContent} · Sealgate`;
  window.scrollTo(0, 0);
  if (!document.querySelector('[autofocus]')) heading?.focus({ preventScroll: true });
}
