import type { ComponentChildren } from 'preact';
import { t } from '../i18n/catalogue.js';
import { chooseLanguage, language, type Language, LANGUAGES } from '../i18n/language.js';
import { Logo } from './logo.js';

/** One card in the middle: signing in and everything around it. */
export function AuthPage({
  title,
  lead,
  children,
}: {
  title: string;
  lead?: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <div class="auth-page">
      <header class="brand">
        <a href="/" class="brand-link">
          <Logo />
          <span>Sealgate</span>
        </a>
      </header>
      <main class="card" id="main">
        <h1 tabIndex={-1}>{title}</h1>
        {lead !== undefined && <p class="lead">{lead}</p>}
        {children}
      </main>
      <PageFooter />
    </div>
  );
}

function PageFooter() {
  return (
    <footer class="page-footer">
      <a href="/about">{t.common.whatIsProtected}</a>
      <LanguageChoice />
    </footer>
  );
}

/** Every language by its own name. */
export function LanguageChoice() {
  return (
    <label class="language">
      <span class="visually-hidden">{t.common.language}</span>
      <select value={language} onChange={(event) => chooseLanguage(event.currentTarget.value as Language)}>
        {Object.entries(LANGUAGES).map(([tag, name]) => (
          <option key={tag} value={tag} lang={tag}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
