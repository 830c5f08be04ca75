import type { ComponentChildren } from 'preact';
import { explain } from '../i18n/explain.js';
import { Icon, type IconName } from './icon.js';

type Tone = 'error' | 'warning' | 'info' | 'success';

const ICONS: Record<Tone, IconName> = { error: 'alert', warning: 'alert', info: 'info', success: 'check' };

/** A message in its place. Errors are read out at once, everything else when there is a pause. */
export function Notice({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return (
    <div class={`notice ${tone}`} role={tone === 'error' ? 'alert' : 'status'}>
      <Icon name={ICONS[tone]} />
      <div>{children}</div>
    </div>
  );
}

/** What went wrong and what to do next; nothing where nothing did. */
export function ErrorNotice({ error }: { error: unknown }) {
  return error === null || error === undefined ? null : <Notice tone="error">{explain(error)}</Notice>;
}
