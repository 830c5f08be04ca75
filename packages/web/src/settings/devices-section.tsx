import type { Session } from '@sealgate/client';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { t } from '../i18n/catalogue.js';
import { formatFull } from '../i18n/format.js';
import { withProof } from '../state/proof.js';
import { signOut } from '../state/session.js';
import { sealgate } from '../state/sealgate.js';
import { Button } from '../ui/button.js';
import { ErrorNotice, Notice } from '../ui/notice.js';
import { useAction } from '../ui/use-action.js';
import { Block } from './block.js';

/** Where the account is signed in, and how to end that. */
export function DevicesSection() {
  const sessions = useSignal<readonly Session[] | null>(null);
  const done = useSignal<string | null>(null);
  const load = useAction(async () => {
    sessions.value = await sealgate.sessions.list().toArray();
  });
  useEffect(() => void load.run(), []);
  const end = useAction(async (work: () => Promise<void>, words: string) => {
    done.value = null;
    await withProof(async () => {
      await work();
      done.value = words;
    });
    await load.run();
  });
  const known = sessions.value;
  return (
    <Block title={t.settings.sections.devices}>
      <ErrorNotice error={load.error.value ?? end.error.value} />
      {done.value !== null && <Notice tone="success">{done.value}</Notice>}
      <ul class="entries">
        {known?.map((session) => (
          <SessionEntry
            key={session.id}
            session={session}
            onEnd={() =>
              session.current
                ? void signOut()
                : void end.run(() => sealgate.sessions.end(session.id), t.settings.sessionEnded)
            }
          />
        ))}
      </ul>
      {known !== null && known.length > 1 && (
        <div class="row">
          <Button
            look="danger"
            isBusy={end.isBusy.value}
            onClick={() => void end.run(() => sealgate.sessions.endOthers(), t.settings.othersEnded)}
          >
            {t.settings.endOthers}
          </Button>
        </div>
      )}
    </Block>
  );
}

function SessionEntry({ session, onEnd }: { session: Session; onEnd: () => void }) {
  return (
    <li class="entry">
      <div class="entry-text">
        <strong>{session.device}</strong>{' '}
        {session.current && <span class="tag good">{t.settings.thisDevice}</span>}
        <p class="hint">
          {t.settings.lastSeen(formatFull(session.lastSeenAt))} · {session.ip} ·{' '}
          {t.settings.by[session.method]}
        </p>
      </div>
      <Button look="quiet" onClick={onEnd}>
        {t.settings.endSession}
      </Button>
    </li>
  );
}
