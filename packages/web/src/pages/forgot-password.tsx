import { useSignal } from '@preact/signals';
import { t } from '../i18n/catalogue.js';
import { sealgate } from '../state/sealgate.js';
import { AuthPage } from '../ui/auth-page.js';
import { Button } from '../ui/button.js';
import { Field } from '../ui/field.js';
import { ErrorNotice, Notice } from '../ui/notice.js';
import { useAction } from '../ui/use-action.js';

/** Asks for a link to a new password. */
export function Page() {
  const email = useSignal('');
  const isSent = useSignal(false);
  const ask = useAction(async () => {
    await sealgate.auth.forgotPassword(email.value.trim());
    isSent.value = true;
  });
  return (
    <AuthPage title={t.forgot.title} lead={t.forgot.lead}>
      {isSent.value ? (
        <Notice tone="success">{t.forgot.sent}</Notice>
      ) : (
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            void ask.run();
          }}
        >
          <Field
            label={t.signIn.email}
            value={email}
            type="email"
            autoComplete="username"
            required
            autoFocus
          />
          <ErrorNotice error={ask.error.value} />
          <Button type="submit" look="primary" isBusy={ask.isBusy.value}>
            {t.forgot.submit}
          </Button>
        </form>
      )}
      <p class="aside">
        <a href="/sign-in">{t.forgot.backToSignIn}</a>
      </p>
    </AuthPage>
  );
}
