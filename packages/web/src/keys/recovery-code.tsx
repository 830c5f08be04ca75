import { useSignal } from '@preact/signals';
import { hasCode } from '@sealgate/client';
import { t } from '../i18n/catalogue.js';
import { loadKeyStatus } from '../state/own-keys.js';
import { sealgate } from '../state/sealgate.js';
import { Button } from '../ui/button.js';
import { Field } from '../ui/field.js';
import { KeepText } from '../account/keep-text.js';
import { ErrorNotice } from '../ui/notice.js';
import { useAction } from '../ui/use-action.js';

interface RecoveryCodeProps {
  readonly code: string;
  readonly onDone: () => void;
}

/** The one code that brings keys and history to another device, and it typed once more as the proof that it was kept. */
export function RecoveryCode({ code, onDone }: RecoveryCodeProps) {
  const typed = useSignal('');
  const confirm = useAction(async () => {
    await sealgate.backup.confirm(typed.value);
    await loadKeyStatus();
    onDone();
  });
  const error = confirm.error.value;
  const isOther = hasCode(error, 'wrong_secret', 'mistyped_code');
  return (
    <div class="stack">
      <p class="recovery-code" aria-label={t.keys.code}>
        <code>{code}</code>
      </p>
      <KeepText text={code} fileName={t.keys.file} fileHead={t.keys.fileHead} />
      <form
        class="stack no-print"
        onSubmit={(event) => {
          event.preventDefault();
          void confirm.run();
        }}
      >
        <Field
          label={t.keys.check}
          hint={t.keys.checkHint}
          value={typed}
          error={isOther ? t.keys.wrongCode : null}
          autoComplete="off"
          autoCapitalize="off"
          spellcheck={false}
          required
        />
        {!isOther && <ErrorNotice error={error} />}
        <div class="row">
          <Button type="submit" look="primary" isBusy={confirm.isBusy.value}>
            {t.keys.checkSubmit}
          </Button>
          <Button look="quiet" onClick={onDone}>
            {t.keys.later}
          </Button>
        </div>
      </form>
    </div>
  );
}
