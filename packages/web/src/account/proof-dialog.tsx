import { useSignal } from '@preact/signals';
import { hasCode } from '@sealgate/client';
import { useEffect } from 'preact/hooks';
import { t } from '../i18n/catalogue.js';
import { ProofDeclined, proofRequest } from '../state/proof.js';
import { here } from '../state/location.js';
import { sealgate } from '../state/sealgate.js';
import { Button } from '../ui/button.js';
import { CodeField } from '../ui/code-field.js';
import { Dialog } from '../ui/dialog.js';
import { Notice } from '../ui/notice.js';
import { PasswordField } from '../ui/password-field.js';
import { useAction } from '../ui/use-action.js';
import { Lockable, useLock } from './lock.js';

/** Stands once on the page; opens when something needs a recent proof of who one is. */
export function ProofDialog() {
  return proofRequest.value === null ? null : <OpenProofDialog />;
}

function OpenProofDialog() {
  const password = useSignal('');
  const code = useSignal('');
  const takesCode = useSignal(false);
  const cancel = (): void => proofRequest.value?.reject(new ProofDeclined());
  const prove = useAction(async () => {
    const proof = takesCode.value ? { code: code.value } : { password: password.value };
    const request = proofRequest.value;
    await request?.attempt(proof);
    request?.resolve();
  });
  useEffect(() => {
    const look = async (): Promise<void> => {
      takesCode.value = (await sealgate.twoFactor.status().catch(() => null))?.enabled ?? false;
    };
    void look();
  }, []);
  const lock = useLock(prove.error);
  const error = prove.error.value;
  const isWrong = hasCode(error, 'invalid_credentials');
  return (
    <Dialog title={t.proof.title} onClose={cancel}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void prove.run();
        }}
      >
        <p class="muted">{t.proof.lead}</p>
        {takesCode.value ? (
          <CodeField key="code" label={t.second.code} value={code} onComplete={() => void prove.run()} />
        ) : (
          <PasswordField
            key="password"
            label={t.signIn.password}
            value={password}
            autoComplete="current-password"
          />
        )}
        {isWrong ? (
          <Notice tone="error">{t.errors.wrong_password}</Notice>
        ) : (
          <Lockable lock={lock} error={error} />
        )}
        <div class="row end">
          <Button onClick={cancel}>{t.common.cancel}</Button>
          <Button type="submit" look="primary" isBusy={prove.isBusy.value}>
            {t.common.continue}
          </Button>
        </div>
        <div class="stack-tight">
          <Button look="quiet" onClick={() => (takesCode.value = !takesCode.value)}>
            {takesCode.value ? t.proof.usePassword : t.proof.useCode}
          </Button>
          <a class="button quiet" href={sealgate.auth.loginUrl(here.value.pathname)}>
            <span>{t.proof.with42}</span>
          </a>
        </div>
      </form>
    </Dialog>
  );
}
