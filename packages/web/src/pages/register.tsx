import { useSignal } from '@preact/signals';
import { hasCode } from '@sealgate/client';
import { t } from '../i18n/catalogue.js';
import { explain, explainWeakPassword } from '../i18n/explain.js';
import { returnTo, withReturnTo } from '../state/location.js';
import { goOn } from '../state/session.js';
import { sealgate } from '../state/sealgate.js';
import { AuthPage } from '../ui/auth-page.js';
import { Button } from '../ui/button.js';
import { Field } from '../ui/field.js';
import { ErrorNotice } from '../ui/notice.js';
import { NewPasswordField } from '../ui/password-field.js';
import { useAction } from '../ui/use-action.js';

/** @see api.md §3 for what a username is made of. */
const USERNAME = /^[a-z0-9_.-]{3,32}$/;

/** A new account. */
export function Page() {
  const username = useSignal('');
  const email = useSignal('');
  const password = useSignal('');
  const register = useAction(async () => {
    await sealgate.auth.register({
      username: username.value,
      email: email.value.trim(),
      password: password.value,
    });
    await goOn();
  });
  const error = register.error.value;
  const at = (field: string): boolean =>
    hasCode(error, 'validation_failed') && error.errors.some(({ pointer }) => pointer === field);
  const isNameBad = username.value !== '' && !USERNAME.test(username.value) && username.value.length > 2;
  const nameError =
    isNameBad || at('/username')
      ? t.register.usernameBad
      : hasCode(error, 'username_taken')
        ? explain(error)
        : null;
  const emailError = at('/email')
    ? t.register.emailBad
    : hasCode(error, 'email_taken')
      ? explain(error)
      : null;
  const passwordError = explainWeakPassword(error);
  const isElsewhere = error !== null && nameError === null && emailError === null && passwordError === null;
  return (
    <AuthPage title={t.register.title} lead={t.register.lead}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (USERNAME.test(username.value)) void register.run();
        }}
      >
        <Field
          label={t.register.username}
          value={username}
          hint={t.register.usernameHint}
          error={nameError}
          autoComplete="username"
          autoCapitalize="off"
          spellcheck={false}
          minLength={3}
          maxLength={32}
          required
          autoFocus
          onInputCapture={(event) => (event.currentTarget.value = event.currentTarget.value.toLowerCase())}
        />
        <Field
          label={t.signIn.email}
          value={email}
          error={emailError}
          type="email"
          autoComplete="email"
          required
        />
        <NewPasswordField
          label={t.signIn.password}
          value={password}
          hints={[username.value, email.value.split('@')[0] ?? '']}
          error={passwordError}
        />
        {isElsewhere && <ErrorNotice error={error} />}
        <Button type="submit" look="primary" isBusy={register.isBusy.value}>
          {t.register.submit}
        </Button>
      </form>
      <p class="aside">
        {t.register.haveOne} <a href={withReturnTo('/sign-in', returnTo())}>{t.common.signIn}</a>
      </p>
    </AuthPage>
  );
}
