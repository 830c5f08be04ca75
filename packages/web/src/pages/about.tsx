import { t } from '../i18n/catalogue.js';
import { LanguageChoice } from '../ui/auth-page.js';
import { Icon } from '../ui/icon.js';
import { Logo } from '../ui/logo.js';

/** What is worth trusting, and what is not, for everybody. */
export function Page() {
  return (
    <div class="reading">
      <header class="reading-head">
        <a class="brand-link" href="/">
          <Logo />
          <span>Sealgate</span>
        </a>
        <LanguageChoice />
      </header>
      <main class="reading-body" id="main">
        <h1 tabIndex={-1}>{t.about.title}</h1>
        <p class="lead">{t.about.lead}</p>
        <Points title={t.about.protectedTitle} points={t.about.protected} look="good" />
        <Points title={t.about.notTitle} points={t.about.not} look="bad" />
        <Points title={t.about.howTitle} points={t.about.how} look="good" />
        <p>
          <a class="button primary" href="/">
            <span>{t.common.continue}</span>
          </a>
        </p>
      </main>
    </div>
  );
}

function Points({ title, points, look }: { title: string; points: readonly string[]; look: 'good' | 'bad' }) {
  return (
    <section class={`points ${look}`}>
      <h2>{title}</h2>
      <ul>
        {points.map((point) => (
          <li key={point}>
            <Icon name={look === 'good' ? 'check' : 'close'} />
            <span>{point}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
