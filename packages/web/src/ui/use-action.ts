import { type ReadonlySignal, useSignal } from '@preact/signals';
import { useCallback, useRef } from 'preact/hooks';

/** Something that a person has set going. */
export interface Action<A extends readonly unknown[]> {
  readonly run: (...args: A) => Promise<void>;
  readonly isBusy: ReadonlySignal<boolean>;
  readonly error: ReadonlySignal<unknown>;
  readonly clear: () => void;
}

/** Runs one at a time; a second click while it runs does nothing. */
export function useAction<A extends readonly unknown[]>(work: (...args: A) => Promise<unknown>): Action<A> {
  const isBusy = useSignal(false);
  const error = useSignal<unknown>(null);
  const latest = useRef(work);
  latest.current = work;
  const run = useCallback(async (...args: A) => {
    if (isBusy.peek()) return;
    isBusy.value = true;
    error.value = null;
    try {
      await latest.current(...args);
    } catch (thrown) {
      error.value = thrown;
    } finally {
      isBusy.value = false;
    }
  }, []);
  return { run, isBusy, error, clear: () => (error.value = null) };
}
