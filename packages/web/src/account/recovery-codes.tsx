import { useSignal } from '@preact/signals';
import { useState } from 'preact/hooks';
import { t } from '../i18n/catalogue.js';
import { Button } from '../ui/button.js';
import { Field } from '../ui/field.js';
import { KeepText } from './keep-text.js';

/** The ten codes, shown once, and one of them asked for as the proof that they were kept. */
export function RecoveryCodes({ codes, onKept }: { codes: readonly string[]; onKept: () => void }) {
  const [position] = useState(() => Math.floor(Math.random() * codes.length));
  const typed = useSignal('');
  const isWrong = useSignal(false);
  const check = (): void => {
    isWrong.value = plain(typed.value) !== plain(codes[position] ?? '');
    if (!isWrong.value) onKept();
  };
  return (
    <div class="stack">
      <ol class="codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <KeepText text={codes.join('\n')} fileName={t.codes.file} fileHead={t.codes.fileHead} />
      <form
        class="stack no-print"
        onSubmit={(event) => {
          event.preventDefault();
          check();
        }}
      >
        <Field
          label={t.codes.check(position + 1)}
          value={typed}
          error={isWrong.value ? t.codes.wrong : null}
          autoComplete="off"
          autoCapitalize="off"
          spellcheck={false}
          required
        />
        <Button type="submit" look="primary">
          {t.codes.submit}
        </Button>
      </form>
    </div>
  );
}

/** However it was grouped and whichever case it was written in. */
function plain(code: string): string {
  return code.replaceAll(/[\s-]/g, '').toLowerCase();
}
