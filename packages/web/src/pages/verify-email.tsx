import { hasCode } from '@sealgate/client';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { t } from '../i18n/catalogue.js';
import { takeMailToken } from '../state/mail-token.js';
import { loadMe } from '../state/session.js';
import { sealgate } from '../state/sealgate.js';
import { AuthPage } from '../ui/auth-page.js';
import { ErrorNotice, Notice } from '../ui/notice.js';
import { useAction } from '../ui/use-action.js';

/** Confirms an e-mail address by a mailed link. */
export function Page() {
  const isDone = useSignal(false);
  const verify = useAction(async () => {
    const token = takeMailToken();
    await sealgate.auth.verifyEmail(token ?? '');
    isDone.value = true;
    await loadMe();
  });
  useEffect(() => void verify.run(), []);
  const error = verify.error.value;
  const isLinkDead = hasCode(error, 'invalid_token', 'validation_failed');
  return (
    <AuthPage title={t.verifyEmail.title}>
      {isDone.value && <Notice tone="success">{t.verifyEmail.done}</Notice>}
      {verify.isBusy.value && !isDone.value && <Notice tone="info">{t.verifyEmail.busy}</Notice>}
      {isLinkDead ? <Notice tone="error">{t.verifyEmail.failed}</Notice> : <ErrorNotice error={error} />}
      <a class="button primary" href="/home">
        <span>{t.common.home}</span>
      </a>
    </AuthPage>
  );
}
