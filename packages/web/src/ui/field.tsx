import type { Signal } from '@preact/signals';
import type { ComponentChildren, TargetedInputEvent } from 'preact';
import { useId } from 'preact/hooks';

interface FieldProps {
  readonly type?: 'text' | 'email' | 'password' | 'search';
  readonly autoComplete?: string;
  readonly autoCapitalize?: 'off' | 'sentences';
  readonly inputMode?: 'numeric' | 'text';
  readonly spellcheck?: boolean;
  readonly required?: boolean;
  readonly disabled?: boolean;
  readonly autoFocus?: boolean;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly placeholder?: string;
  /** Before the value is taken over: what it may hold is put right here. */
  readonly onInputCapture?: (event: TargetedInputEvent<HTMLInputElement>) => void;
  readonly label: string;
  readonly value: Signal<string>;
  readonly hint?: ComponentChildren;
  readonly error?: string | null | undefined;
  /** Stands inside the frame, behind the text. */
  readonly trailing?: ComponentChildren;
}

/** A labelled text field with a hint and an error, both tied to it for screen readers. */
export function Field({ label, value, hint, error, trailing, type = 'text', ...input }: FieldProps) {
  const id = useId();
  const notes = [hint === undefined ? '' : `${id}-hint`, error ? `${id}-error` : ''].join(' ').trim();
  // Any of these types will do; the union of all inputs tells them apart by roles that are not used here.
  const attributes: Record<string, unknown> = { ...input, type };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="input">
        <input
          {...attributes}
          id={id}
          value={value.value}
          onInput={(event) => (value.value = event.currentTarget.value)}
          aria-invalid={error ? 'true' : undefined}
          aria-describedby={notes === '' ? undefined : notes}
        />
        {trailing}
      </div>
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}
