import { signal } from '@preact/signals';

const words = signal('');

/** Has it read out when there is a pause; for what changes out of sight. */
export function announce(text: string): void {
  // The same words twice would not be read again.
  words.value = text === words.peek() ? `${text}\u00a0` : text;
}

/** Stands once on the page. */
export function Announcer() {
  return (
    <div class="visually-hidden" role="status" aria-live="polite">
      {words.value}
    </div>
  );
}
