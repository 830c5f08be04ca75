import { type Signal, useSignal, useSignalEffect } from '@preact/signals';
import { t } from '../i18n/catalogue.js';
import { IconButton } from './button.js';
import { Field } from './field.js';

const MIN_CHARACTERS = 10;

interface PasswordFieldProps {
  readonly label: string;
  readonly value: Signal<string>;
  readonly autoComplete: 'current-password' | 'new-password';
  readonly error?: string | null | undefined;
  readonly autoFocus?: boolean;
}

/** A password that can be shown; password managers know it. */
export function PasswordField({ label, value, autoComplete, error, autoFocus = false }: PasswordFieldProps) {
  const isShown = useSignal(false);
  return (
    <Field
      label={label}
      value={value}
      error={error}
      type={isShown.value ? 'text' : 'password'}
      autoComplete={autoComplete}
      autoCapitalize="off"
      spellcheck={false}
      required
      autoFocus={autoFocus}
      trailing={
        <IconButton
          icon={isShown.value ? 'eyeOff' : 'eye'}
          label={isShown.value ? t.password.hide : t.password.show}
          onClick={() => (isShown.value = !isShown.value)}
        />
      }
    />
  );
}

interface NewPasswordProps {
  readonly label: string;
  readonly value: Signal<string>;
  /** What a guesser would try first: username, e-mail address. */
  readonly hints?: readonly string[];
  readonly error?: string | null | undefined;
}

/** A password that is chosen now, with its strength while it is typed. */
export function NewPasswordField({ label, value, hints = [], error }: NewPasswordProps) {
  return (
    <div class="new-password">
      <PasswordField label={label} value={value} autoComplete="new-password" error={error} />
      <Strength value={value} hints={hints} />
    </div>
  );
}

function Strength({ value, hints }: { value: Signal<string>; hints: readonly string[] }) {
  const level = useSignal(0);
  useSignalEffect(() => {
    const password = value.value;
    if (password === '') return void (level.value = 0);
    let isStale = false;
    const estimate = async (): Promise<void> => {
      // Half a megabyte of dictionaries: loaded when the first letter is typed.
      const { strengthOf } = await import('./password-strength.js');
      if (!isStale) level.value = strengthOf(password, hints);
    };
    void estimate();
    return () => void (isStale = true);
  });
  const missing = MIN_CHARACTERS - [...value.value].length;
  const words =
    value.value === ''
      ? t.password.hint
      : missing > 0
        ? t.password.tooShort(missing)
        : t.password.levels[level.value];
  return (
    <div class="strength">
      <meter
        class={`level-${level.value}`}
        min={0}
        max={4}
        value={value.value === '' || missing > 0 ? 0 : level.value}
        aria-label={t.password.strength}
      />
      <p class="hint" aria-live="polite">
        {words}
      </p>
    </div>
  );
}
