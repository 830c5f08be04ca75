import { t } from '../i18n/catalogue.js';
import { AuthPage } from '../ui/auth-page.js';

/** For addresses that lead nowhere. */
export function Page() {
  return (
    <AuthPage title={t.notFound.title} lead={t.notFound.lead}>
      <a class="button primary" href="/home">
        <span>{t.common.home}</span>
      </a>
    </AuthPage>
  );
}
