import type { User } from '@sealgate/client';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { t } from '../i18n/catalogue.js';
import { sealgate } from '../state/sealgate.js';
import { Button } from '../ui/button.js';
import { ErrorNotice, Notice } from '../ui/notice.js';
import { useAction } from '../ui/use-action.js';

/** Not hearing from somebody any more, and hearing from them again. */
export function Blocking({ user }: { user: User }) {
  const isBlocked = useSignal<boolean | null>(null);
  const load = useAction(async () => {
    const blocked = await sealgate.users.blocked();
    isBlocked.value = blocked.some(({ userId }) => userId === user.id);
  });
  useEffect(() => void load.run(), [user.id]);
  const change = useAction(async (wanted: boolean) => {
    if (wanted) await sealgate.users.block(user.id);
    else await sealgate.users.unblock(user.id);
    isBlocked.value = wanted;
  });
  const failed = <ErrorNotice error={load.error.value ?? change.error.value} />;
  if (isBlocked.value === true)
    return (
      <Notice tone="info">
        <p>{t.blocking.blocked(user.displayName)}</p>
        {failed}
        <Button isBusy={change.isBusy.value} onClick={() => void change.run(false)}>
          {t.blocking.unblock}
        </Button>
      </Notice>
    );
  return (
    <details class="last-resort">
      <summary>{t.blocking.title(user.displayName)}</summary>
      <div class="stack">
        <p class="hint">{t.blocking.lead}</p>
        {failed}
        {isBlocked.value === false && (
          <Button look="danger" isBusy={change.isBusy.value} onClick={() => void change.run(true)}>
            {t.blocking.block}
          </Button>
        )}
      </div>
    </details>
  );
}
