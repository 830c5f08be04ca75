import { useSignal } from '@preact/signals';
import { hasCode } from '@sealgate/client';
import { useState } from 'preact/hooks';
import { t } from '../i18n/catalogue.js';
import { explainWeakPassword } from '../i18n/explain.js';
import { navigate } from '../state/location.js';
import { takeMailToken } from '../state/mail-token.js';
import { me } from '../state/session.js';
import { sealgate } from '../state/sealgate.js';
import { AuthPage } from '../ui/auth-page.js';
import { Button } from '../ui/button.js';
import { ErrorNotice, Notice } from '../ui/notice.js';
import { NewPasswordField } from '../ui/password-field.js';
import { useAction } from '../ui/use-action.js';

/** A new password by a mailed link. */
export function Page() {
  const [token] = useState(takeMailToken);
  const password = useSignal('');
  const set = useAction(async () => {
    await sealgate.auth.resetPassword(token ?? '', password.value);
    me.value = null;
    navigate('/sign-in?reset', { replace: true });
  });
  const error = set.error.value;
  const weakness = explainWeakPassword(error);
  const isLinkDead = token === null || hasCode(error, 'invalid_token');
  return (
    <AuthPage title={t.reset.title} lead={t.reset.lead}>
      {token === null && <Notice tone="error">{t.reset.noToken}</Notice>}
      {weakness === null && <ErrorNotice error={error} />}
      {isLinkDead ? (
        <a class="button primary" href="/forgot-password">
          <span>{t.reset.askAgain}</span>
        </a>
      ) : (
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            void set.run();
          }}
        >
          <NewPasswordField label={t.password.new} value={password} error={weakness} />
          <Button type="submit" look="primary" isBusy={set.isBusy.value}>
            {t.reset.submit}
          </Button>
        </form>
      )}
    </AuthPage>
  );
}
