import { t } from '../i18n/catalogue.js';
import { me, signOut } from '../state/session.js';
import { AuthPage } from '../ui/auth-page.js';
import { Button } from '../ui/button.js';
import { useAction } from '../ui/use-action.js';

export function Page() {
  const leave = useAction(signOut);
  return (
    <AuthPage title={me.value?.user.displayName ?? ''}>
      <Button onClick={() => void leave.run()}>{t.common.signOut}</Button>
    </AuthPage>
  );
}
