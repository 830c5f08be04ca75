import { type ReadonlySignal, useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { hasCode } from '@sealgate/client';
import { t } from '../i18n/catalogue.js';
import { ErrorNotice, Notice } from '../ui/notice.js';

/** The account's second step is locked for a while. */
export interface Lock {
  readonly isLocked: ReadonlySignal<boolean>;
  /** Seconds. */
  readonly left: ReadonlySignal<number>;
}

/** Counts down what the server's refusal said. */
export function useLock(error: ReadonlySignal<unknown>): Lock {
  const until = useSignal(0);
  const left = useSignal(0);
  useSignalEffect(() => {
    const refusal = error.value;
    if (!hasCode(refusal, 'second_factor_locked')) return;
    until.value = Date.now() + (refusal.retryAfter ?? 900) * 1000;
  });
  useSignalEffect(() => {
    const end = until.value;
    const tick = (): void => void (left.value = Math.max(0, Math.ceil((end - Date.now()) / 1000)));
    tick();
    if (left.peek() === 0) return;
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  });
  return { left, isLocked: useComputed(() => left.value > 0) };
}

/** The countdown while it is locked, the error otherwise. */
export function Lockable({ lock, error }: { lock: Lock; error: unknown }) {
  if (!hasCode(error, 'second_factor_locked')) return <ErrorNotice error={error} />;
  if (!lock.isLocked.value) return <Notice tone="info">{t.second.unlocked}</Notice>;
  const minutes = Math.floor(lock.left.value / 60);
  const seconds = String(lock.left.value % 60).padStart(2, '0');
  return (
    <Notice tone="warning">
      <span role="timer">{t.second.locked(`${minutes}:${seconds}`)}</span>
    </Notice>
  );
}
