import { useSignal } from '@preact/signals';
import { hasCode } from '@sealgate/client';
import { useEffect } from 'preact/hooks';
import { RecoveryCodes } from '../account/recovery-codes.js';
import { TwoFactorSetup } from '../account/two-factor-setup.js';
import { t } from '../i18n/catalogue.js';
import { goOn } from '../state/session.js';
import { sealgate } from '../state/sealgate.js';
import { arrive } from '../ui/arrive.js';
import { AuthPage } from '../ui/auth-page.js';
import { Button } from '../ui/button.js';
import { ErrorNotice } from '../ui/notice.js';
import { useAction } from '../ui/use-action.js';

/** The first time: a second step is offered, and has to be declined to be left out. */
export function Page() {
  const recoveryCodes = useSignal<readonly string[] | null>(null);
  const skip = useAction(async () => {
    await sealgate.twoFactor.skip();
    await goOn();
  });
  const finish = useAction(goOn);
  useEffect(() => {
    if (recoveryCodes.value !== null) arrive();
  }, [recoveryCodes.value]);
  if (recoveryCodes.value !== null) {
    return (
      <AuthPage key="codes" title={t.codes.title} lead={t.codes.lead}>
        <RecoveryCodes codes={recoveryCodes.value} onKept={() => void finish.run()} />
        <ErrorNotice error={finish.error.value} />
      </AuthPage>
    );
  }
  const isRequired = hasCode(skip.error.value, 'two_factor_required');
  return (
    <AuthPage key="setup" title={t.firstLogin.title} lead={t.firstLogin.lead}>
      <TwoFactorSetup onEnabled={(codes) => (recoveryCodes.value = codes)} />
      <ErrorNotice error={skip.error.value} />
      {!isRequired && (
        <p class="aside">
          <Button look="quiet" isBusy={skip.isBusy.value} onClick={() => void skip.run()}>
            {t.firstLogin.skip}
          </Button>
          <span class="hint">{t.firstLogin.skipHint}</span>
        </p>
      )}
    </AuthPage>
  );
}
