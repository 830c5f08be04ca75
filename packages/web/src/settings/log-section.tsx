import type { SecurityEvent } from '@sealgate/client';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { t } from '../i18n/catalogue.js';
import { formatFull } from '../i18n/format.js';
import { sealgate } from '../state/sealgate.js';
import { Button } from '../ui/button.js';
import { ErrorNotice } from '../ui/notice.js';
import { useAction } from '../ui/use-action.js';
import { Block } from './block.js';

type EventName = keyof typeof t.events;

/** What happened to the account, the newest first. */
export function LogSection() {
  const events = useSignal<readonly SecurityEvent[]>([]);
  const cursor = useSignal<string | null>(null);
  const load = useAction(async () => {
    const page = await sealgate.securityEvents.list().page(cursor.value ?? undefined);
    events.value = [...events.value, ...page.items];
    cursor.value = page.nextCursor;
  });
  useEffect(() => void load.run(), []);
  return (
    <Block title={t.settings.sections.log}>
      <ul class="entries">
        {events.value.map((event) => (
          <li key={event.id} class="entry">
            <div class="entry-text">
              <strong>{nameOf(event.type)}</strong>
              <p class="hint">
                {[formatFull(event.createdAt), event.device, event.ip]
                  .filter((part) => part !== null)
                  .join(' · ')}
              </p>
            </div>
          </li>
        ))}
      </ul>
      <ErrorNotice error={load.error.value} />
      {cursor.value !== null && (
        <div class="row">
          <Button isBusy={load.isBusy.value} onClick={() => void load.run()}>
            {t.settings.more}
          </Button>
        </div>
      )}
    </Block>
  );
}

function nameOf(type: string): string {
  return Object.hasOwn(t.events, type) ? t.events[type as EventName] : t.events.unknown;
}
