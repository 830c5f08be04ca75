import { useSignal } from '@preact/signals';
import { hasCode } from '@sealgate/client';
import { t } from '../i18n/catalogue.js';
import { loadKeyStatus } from '../state/own-keys.js';
import { me } from '../state/session.js';
import { sealgate } from '../state/sealgate.js';
import { Button } from '../ui/button.js';
import { CopyButton } from '../ui/copy-button.js';
import { Field } from '../ui/field.js';
import { ErrorNotice } from '../ui/notice.js';
import { saveText } from '../ui/save-text.js';
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
  const head = t.keys.fileHead(me.value?.user.username ?? '', window.location.host);
  return (
    <div class="stack">
      <p class="recovery-code" aria-label={t.keys.code}>
        <code>{code}</code>
      </p>
      <div class="row fill no-print">
        <CopyButton text={code} label={t.common.copy} />
        <Button icon="download" onClick={() => saveText(t.keys.file, `${head}\n\n${code}\n`)}>
          {t.common.download}
        </Button>
        <Button icon="print" onClick={() => window.print()}>
          {t.common.print}
        </Button>
      </div>
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
