import { type Signal, useSignal } from '@preact/signals';
import { t } from '../i18n/catalogue.js';

export type Step = keyof typeof t.keys.steps;

export interface Progress {
  readonly step: Signal<Step | null>;
  readonly onProgress: (step: Step) => void;
}

const ORDER: readonly Step[] = [
  'deriving',
  'generating',
  'sealing-backup',
  'registering',
  'saving-backup',
  'checking-backup',
  'done',
];

/** Follows long work with keys. */
export function useProgress(): Progress {
  const step = useSignal<Step | null>(null);
  return { step, onProgress: (next) => (step.value = next) };
}

/** A bar and what is being done. */
export function KeyProgress({ step }: { step: Step | null }) {
  if (step === null) return null;
  return (
    <div class="progress">
      <progress max={ORDER.length} value={ORDER.indexOf(step) + 1} aria-label={t.keys.steps[step]} />
      <p class="hint" role="status">
        {t.keys.steps[step]} …
      </p>
    </div>
  );
}
