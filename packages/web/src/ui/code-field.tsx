import type { Signal } from '@preact/signals';
import { Field } from './field.js';

interface CodeFieldProps {
  readonly label: string;
  readonly value: Signal<string>;
  readonly onComplete?: () => void;
  readonly disabled?: boolean;
  readonly autoFocus?: boolean;
}

/** The six digits of what was typed or pasted, however it was grouped. */
export function digitsOf(text: string): string {
  return text.replaceAll(/\D/g, '').slice(0, 6);
}

/** A field for six digits, that are typed, pasted, or filled in by the system; complete ones go off by themselves. */
export function CodeField({ label, value, onComplete, disabled = false, autoFocus = false }: CodeFieldProps) {
  return (
    <div class="code-field">
      <Field
        label={label}
        value={value}
        inputMode="numeric"
        autoComplete="one-time-code"
        placeholder="000000"
        spellcheck={false}
        required
        disabled={disabled}
        autoFocus={autoFocus}
        onInputCapture={(event) => {
          const { currentTarget: input } = event;
          const digits = digitsOf(input.value);
          if (input.value !== digits) input.value = digits;
          const isNew = value.peek() !== digits;
          value.value = digits;
          if (digits.length === 6 && isNew) onComplete?.();
        }}
      />
    </div>
  );
}
