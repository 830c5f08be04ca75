import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { t } from '../i18n/catalogue.js';
import { sealgate } from '../state/sealgate.js';
import { Button } from '../ui/button.js';
import { CodeField } from '../ui/code-field.js';
import { CopyButton } from '../ui/copy-button.js';
import { ErrorNotice } from '../ui/notice.js';
import { useAction } from '../ui/use-action.js';
import { Lockable, useLock } from './lock.js';

/** A new secret as a picture and as text, and the first code as the proof that it arrived. */
export function TwoFactorSetup({ onEnabled }: { onEnabled: (recoveryCodes: readonly string[]) => void }) {
  const secret = useSignal<{ readonly secret: string; readonly qrCode: string } | null>(null);
  const code = useSignal('');
  const generate = useAction(async () => {
    secret.value = await sealgate.twoFactor.generate();
  });
  const enable = useAction(async () => {
    const { recoveryCodes } = await sealgate.twoFactor.enable(code.value);
    onEnabled(recoveryCodes);
  });
  const lock = useLock(enable.error);
  useEffect(() => void generate.run(), []);
  const submit = (): void => {
    if (!lock.isLocked.value) void enable.run().then(() => (code.value = ''));
  };
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <h2 class="step">{t.firstLogin.scan}</h2>
      <div class="qr-frame">
        {secret.value !== null && (
          <img src={secret.value.qrCode} alt={t.firstLogin.qrAlt} width={200} height={200} />
        )}
      </div>
      <ErrorNotice error={generate.error.value} />
      <h2 class="step">{t.firstLogin.orType}</h2>
      <div class="secret">
        <code>{grouped(secret.value?.secret ?? '')}</code>
        <CopyButton text={secret.value?.secret ?? ''} label={t.common.copy} />
      </div>
      <CodeField label={t.firstLogin.thenCode} value={code} onComplete={submit} />
      <Lockable lock={lock} error={enable.error.value} />
      <Button type="submit" look="primary" isBusy={enable.isBusy.value} disabled={lock.isLocked.value}>
        {t.firstLogin.activate}
      </Button>
    </form>
  );
}

/** In fours, so that it can be typed off. */
function grouped(secret: string): string {
  return secret.match(/.{1,4}/g)?.join(' ') ?? '';
}
