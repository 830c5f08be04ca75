import { useSignal } from '@preact/signals';
import { t } from '../i18n/catalogue.js';
import { goOn, signOut } from '../state/session.js';
import { sealgate } from '../state/sealgate.js';
import { AuthPage } from '../ui/auth-page.js';
import { Button } from '../ui/button.js';
import { CodeField } from '../ui/code-field.js';
import { Field } from '../ui/field.js';
import { useAction } from '../ui/use-action.js';
import { Lockable, useLock } from '../account/lock.js';

/** The second step of the sign-in: a code of the authenticator, or a recovery code. */
export function Page() {
  const isRecovering = useSignal(false);
  const code = useSignal('');
  const recoveryCode = useSignal('');
  const verify = useAction(async () => {
    if (isRecovering.value) await sealgate.twoFactor.recover(recoveryCode.value.trim());
    else await sealgate.twoFactor.verify(code.value);
    await goOn();
  });
  const lock = useLock(verify.error);
  const submit = (): void => {
    if (!lock.isLocked.value) void verify.run().then(() => (code.value = ''));
  };
  const change = (): void => {
    isRecovering.value = !isRecovering.value;
    verify.clear();
  };
  return (
    <AuthPage title={t.second.title} lead={isRecovering.value ? t.second.recoveryLead : t.second.lead}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {isRecovering.value ? (
          <Field
            key="recovery"
            label={t.second.recoveryCode}
            value={recoveryCode}
            autoComplete="off"
            autoCapitalize="off"
            spellcheck={false}
            required
            autoFocus
          />
        ) : (
          <CodeField key="code" label={t.second.code} value={code} onComplete={submit} autoFocus />
        )}
        <Lockable lock={lock} error={verify.error.value} />
        <Button type="submit" look="primary" isBusy={verify.isBusy.value} disabled={lock.isLocked.value}>
          {t.second.submit}
        </Button>
      </form>
      <p class="aside">
        <Button look="quiet" onClick={change}>
          {isRecovering.value ? t.second.useCode : t.second.useRecovery}
        </Button>
      </p>
      <p class="aside">
        <Button look="quiet" onClick={() => void signOut()}>
          {t.second.signOut}
        </Button>
      </p>
    </AuthPage>
  );
}
