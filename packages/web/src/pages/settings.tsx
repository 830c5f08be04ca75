import type { ComponentType } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { ProofDialog } from '../account/proof-dialog.js';
import { t } from '../i18n/catalogue.js';
import { BlockedSection } from '../settings/blocked-section.js';
import { DataSection } from '../settings/data-section.js';
import { DevicesSection } from '../settings/devices-section.js';
import { HistorySection } from '../settings/history-section.js';
import { KeysSection } from '../settings/keys-section.js';
import { LogSection } from '../settings/log-section.js';
import { ProfileSection } from '../settings/profile-section.js';
import { SecuritySection } from '../settings/security-section.js';
import type { PageProps } from '../state/routes.js';
import { signOut } from '../state/session.js';
import { LanguageChoice } from '../ui/auth-page.js';
import { IconButton } from '../ui/button.js';
import { Icon } from '../ui/icon.js';

const SECTIONS = {
  profile: ProfileSection,
  security: SecuritySection,
  devices: DevicesSection,
  log: LogSection,
  keys: KeysSection,
  history: HistorySection,
  blocked: BlockedSection,
  data: DataSection,
} satisfies Record<string, ComponentType>;

type SectionName = keyof typeof SECTIONS;

/** Everything about the own account, a section at a time. */
export function Page({ id }: PageProps) {
  const name: SectionName = id !== null && Object.hasOwn(SECTIONS, id) ? (id as SectionName) : 'profile';
  const Section = SECTIONS[name];
  const nav = useRef<HTMLElement>(null);
  // On phones the sections are a line that is longer than the screen.
  useEffect(() => {
    nav.current?.querySelector('[aria-current]')?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }, [name]);
  return (
    <div class="settings">
      <header class="settings-head">
        <a class="icon-button" href="/home" aria-label={t.settings.back} title={t.settings.back}>
          <Icon name="arrowLeft" />
        </a>
        <h1 tabIndex={-1}>{t.settings.title}</h1>
        <LanguageChoice />
        <IconButton icon="signOut" label={t.common.signOut} onClick={() => void signOut()} />
      </header>
      <nav ref={nav} class="settings-nav" aria-label={t.settings.title}>
        {Object.entries(t.settings.sections).map(([section, title]) => (
          <a key={section} href={`/settings/${section}`} aria-current={section === name ? 'page' : undefined}>
            {title}
          </a>
        ))}
      </nav>
      <main class="settings-body" id="main" key={name}>
        <Section />
      </main>
      <ProofDialog />
    </div>
  );
}
