import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { t } from '../i18n/catalogue.js';
import { loadChats } from '../state/chats.js';
import { keyStatus } from '../state/own-keys.js';
import { withProof } from '../state/proof.js';
import { sealgate } from '../state/sealgate.js';
import { Button } from '../ui/button.js';
import { Field } from '../ui/field.js';
import { ErrorNotice, Notice } from '../ui/notice.js';
import { PasswordField } from '../ui/password-field.js';
import { useAction } from '../ui/use-action.js';
import { KeyProgress, useProgress } from './key-progress.js';

/** Brings keys and history to this device, by code or passphrase. */
export function RestoreForm({ onRestored }: { onRestored?: () => void }) {
  const code = useSignal('');
  const passphrase = useSignal('');
  const usesPassphrase = useSignal(false);
  const hasPassphrase = useSignal(false);
  const progress = useProgress();
  useEffect(() => {
    const look = async (): Promise<void> => {
      const status = await sealgate.backup.status().catch(() => null);
      hasPassphrase.value = status?.hasPassphrase ?? false;
    };
    void look();
  }, []);
  const restore = useAction(async () => {
    const secret = usesPassphrase.value ? { passphrase: passphrase.value } : { recoveryCode: code.value };
    keyStatus.value = await sealgate.backup.restore({ ...secret, ...progress });
    onRestored?.();
    await loadChats();
  });
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void restore.run();
      }}
    >
      {usesPassphrase.value ? (
        <PasswordField label={t.keys.passphrase} value={passphrase} autoComplete="current-password" />
      ) : (
        <Field
          label={t.keys.code}
          hint={t.keys.checkHint}
          value={code}
          autoComplete="off"
          autoCapitalize="off"
          spellcheck={false}
          required
        />
      )}
      {restore.isBusy.value && <KeyProgress step={progress.step.value ?? 'deriving'} />}
      <ErrorNotice error={restore.error.value} />
      <div class="row">
        <Button type="submit" look="primary" isBusy={restore.isBusy.value}>
          {t.keys.restore}
        </Button>
        {hasPassphrase.value && (
          <Button look="quiet" onClick={() => (usesPassphrase.value = !usesPassphrase.value)}>
            {usesPassphrase.value ? t.keys.useCode : t.keys.usePassphrase}
          </Button>
        )}
      </div>
    </form>
  );
}

/** The last resort: new keys, after saying what is lost. */
export function StartOver({ onCode }: { onCode: (code: string) => void }) {
  const isSure = useSignal(false);
  const progress = useProgress();
  const reset = useAction(() =>
    withProof(async () => onCode((await sealgate.backup.reset(progress)).recoveryCode)),
  );
  return (
    <details class="last-resort">
      <summary>{t.keys.lostTitle}</summary>
      <div class="stack">
        <p class="hint">{t.keys.lostLead}</p>
        {isSure.value && <Notice tone="warning">{t.keys.resetTitle}</Notice>}
        {reset.isBusy.value && <KeyProgress step={progress.step.value} />}
        <ErrorNotice error={reset.error.value} />
        <div class="row">
          <Button
            look="danger"
            isBusy={reset.isBusy.value}
            onClick={() => (isSure.value ? void reset.run() : (isSure.value = true))}
          >
            {isSure.value ? t.keys.resetConfirm : t.keys.reset}
          </Button>
        </div>
      </div>
    </details>
  );
}
