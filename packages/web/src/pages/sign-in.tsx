import { useSignal } from '@preact/signals';
import { t } from '../i18n/catalogue.js';
import { here, returnTo, withReturnTo } from '../state/location.js';
import { goOn } from '../state/session.js';
import { sealgate } from '../state/sealgate.js';
import { AuthPage } from '../ui/auth-page.js';
import { Button } from '../ui/button.js';
import { Field } from '../ui/field.js';
import { ErrorNotice, Notice } from '../ui/notice.js';
import { PasswordField } from '../ui/password-field.js';
import { useAction } from '../ui/use-action.js';

/** The way in. */
export function Page() {
  const email = useSignal('');
  const password = useSignal('');
  const signIn = useAction(async () => {
    await sealgate.auth.login({ email: email.value.trim(), password: password.value });
    await goOn();
  });
  return (
    <AuthPage title={t.signIn.title}>
      <WhatWentWrong />
      <a class="button plain wide" href={sealgate.auth.loginUrl(returnTo() ?? undefined)}>
        <FortyTwoMark />
        <span>{t.signIn.with42}</span>
      </a>
      <p class="divider">{t.common.or}</p>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void signIn.run();
        }}
      >
        <Field label={t.signIn.email} value={email} type="email" autoComplete="username" required autoFocus />
        <PasswordField label={t.signIn.password} value={password} autoComplete="current-password" />
        <ErrorNotice error={signIn.error.value} />
        <Button type="submit" look="primary" isBusy={signIn.isBusy.value}>
          {t.signIn.submit}
        </Button>
      </form>
      <p class="aside">
        <a href="/forgot-password">{t.signIn.forgot}</a>
      </p>
      <p class="aside">
        {t.signIn.noAccount} <a href={withReturnTo('/register', returnTo())}>{t.signIn.register}</a>
      </p>
    </AuthPage>
  );
}

/** What 42's way back says in `?error=`, and what the page before has done. */
function WhatWentWrong() {
  const code = here.value.searchParams.get('error');
  if (here.value.searchParams.has('reset')) return <Notice tone="success">{t.reset.done}</Notice>;
  if (here.value.searchParams.has('ended')) return <Notice tone="info">{t.signIn.ended}</Notice>;
  if (here.value.searchParams.has('deleted')) return <Notice tone="success">{t.signIn.deleted}</Notice>;
  if (code === null) return null;
  const words = Object.hasOwn(t.signIn.errors, code)
    ? t.signIn.errors[code as keyof typeof t.signIn.errors]
    : t.signIn.errors.unknown;
  return <Notice tone="error">{words}</Notice>;
}

function FortyTwoMark() {
  return (
    <svg class="icon filled" viewBox="0 0 57 40" aria-hidden="true" focusable="false">
      <path d="M31.627.205H21.084L0 21.097v8.457h21.084V40h10.543V21.097H10.542L31.627.205M35.349 10.233 45.58 0H35.35v10.233M56.744 10.542V0H46.512v10.542L36.279 21.085v10.543h10.233V21.085l10.232-10.543M56.744 21.395 46.512 31.628h10.232V21.395" />
    </svg>
  );
}
