import type { Trust } from '@sealgate/client';
import { t } from '../i18n/catalogue.js';
import { Icon, type IconName } from '../ui/icon.js';

const ICONS: Record<Trust, IconName> = {
  log: 'log',
  compared: 'shield',
  changed: 'alert',
  'changed-after-compare': 'alert',
};

/** How far somebody's keys are known, and the way to the page where they are compared. */
export function TrustMark({ trust, href }: { trust: Trust | undefined; href: string }) {
  const words = trust === undefined ? t.chat.verify : t.trust.marks[trust];
  return (
    <a class={`verify ${trust ?? ''}`} href={href} title={words}>
      <Icon name={trust === undefined ? 'shield' : ICONS[trust]} />
      <span>{words}</span>
    </a>
  );
}
