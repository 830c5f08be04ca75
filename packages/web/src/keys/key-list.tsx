import type { KeyVersion } from '@sealgate/client';
import type { ComponentChildren } from 'preact';
import { t } from '../i18n/catalogue.js';
import { formatFull } from '../i18n/format.js';

interface KeyListProps {
  readonly history: readonly KeyVersion[];
  /** What is known of one of them beside its place in the log. */
  readonly tags?: (version: number) => ComponentChildren;
}

/** Every version of somebody's keys, the newest first: when, how they came, where they stand in the log, their names. */
export function KeyList({ history, tags }: KeyListProps) {
  return (
    <ol class="entries key-list">
      {history.toReversed().map(({ version, createdAt, reset, kids, logIndex }) => (
        <li key={version} class="entry">
          <div class="entry-text">
            <p class="row">
              <strong>{t.contact.version(version)}</strong>
              {tags?.(version)}
            </p>
            <p class="hint">
              {t.contact.since(formatFull(createdAt))} · {t.history.entry(logIndex)}
            </p>
            <p class="hint">
              {version === 1 ? t.history.first : reset ? t.history.reset : t.history.follows}
            </p>
            <dl class="kids">
              <dt>{t.history.encryption}</dt>
              <dd>
                <code>{kids.encryption}</code>
              </dd>
              <dt>{t.history.signing}</dt>
              <dd>
                <code>{kids.signing}</code>
              </dd>
            </dl>
          </div>
        </li>
      ))}
    </ol>
  );
}
