import type { BackupStatus } from '@sealgate/client';
import { useSignal } from '@preact/signals';
import { t } from '../i18n/catalogue.js';
import { KeyProgress, useProgress } from '../keys/key-progress.js';
import { sealgate } from '../state/sealgate.js';
import { Button } from '../ui/button.js';
import { Field } from '../ui/field.js';
import { ErrorNotice, Notice } from '../ui/notice.js';
import { NewPasswordField } from '../ui/password-field.js';
import { useAction } from '../ui/use-action.js';
import { Block } from './block.js';

/** A second way to open the backup, for who would rather remember than look up. */
export function PassphraseBlock({ backup, onChange }: { backup: BackupStatus; onChange: () => void }) {
  const code = useSignal('');
  const passphrase = useSignal('');
  const done = useSignal<string | null>(null);
  const progress = useProgress();
  const change = useAction(async (next: string | null) => {
    done.value = null;
    await sealgate.backup.changePassphrase({ recoveryCode: code.value, ...progress }, next);
    code.value = '';
    passphrase.value = '';
    done.value = next === null ? t.settings.passphraseRemoved : t.settings.passphraseSet;
    onChange();
  });
  return (
    <Block title={t.keys.passphrase} lead={t.settings.passphraseLead}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void change.run(passphrase.value);
        }}
      >
        <Field
          label={t.keys.code}
          value={code}
          autoComplete="off"
          autoCapitalize="off"
          spellcheck={false}
          required
        />
        <NewPasswordField label={t.settings.newPassphrase} value={passphrase} />
        {change.isBusy.value && <KeyProgress step={progress.step.value ?? 'deriving'} />}
        <ErrorNotice error={change.error.value} />
        {done.value !== null && <Notice tone="success">{done.value}</Notice>}
        <div class="row">
          <Button type="submit" isBusy={change.isBusy.value}>
            {backup.hasPassphrase ? t.settings.changePassphrase : t.settings.setPassphrase}
          </Button>
          {backup.hasPassphrase && (
            <Button look="quiet" onClick={() => void change.run(null)}>
              {t.settings.removePassphrase}
            </Button>
          )}
        </div>
      </form>
    </Block>
  );
}
