import { hasCode, type User } from '@sealgate/client';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { t } from '../i18n/catalogue.js';
import { formatFull } from '../i18n/format.js';
import { sealgate } from '../state/sealgate.js';
import { Avatar } from '../ui/avatar.js';
import { Button } from '../ui/button.js';
import { ErrorNotice } from '../ui/notice.js';
import { useAction } from '../ui/use-action.js';
import { Block } from './block.js';

interface Blocked {
  readonly userId: string;
  readonly createdAt: string;
  /** Null where the account is gone. */
  readonly user: User | null;
}

/** Whom one does not want to hear from, and how to hear from them again. */
export function BlockedSection() {
  const blocked = useSignal<readonly Blocked[] | null>(null);
  const load = useAction(async () => {
    const found = await sealgate.users.blocked();
    blocked.value = await Promise.all(
      found.map(async (block) => ({ ...block, user: await userOrNull(block.userId) })),
    );
  });
  useEffect(() => void load.run(), []);
  const unblock = useAction(async (userId: string) => {
    await sealgate.users.unblock(userId);
    blocked.value = blocked.value?.filter((block) => block.userId !== userId) ?? null;
  });
  return (
    <Block title={t.settings.sections.blocked} lead={t.blocking.lead}>
      <ErrorNotice error={load.error.value ?? unblock.error.value} />
      {blocked.value?.length === 0 && <p class="hint">{t.blocking.nobody}</p>}
      <ul class="entries">
        {blocked.value?.map((block) => (
          <BlockedEntry key={block.userId} block={block} onUnblock={() => void unblock.run(block.userId)} />
        ))}
      </ul>
    </Block>
  );
}

function BlockedEntry({ block, onUnblock }: { block: Blocked; onUnblock: () => void }) {
  const name = block.user?.displayName ?? t.blocking.gone;
  return (
    <li class="entry">
      <Avatar name={name} id={block.userId} />
      <div class="entry-text">
        <strong dir="auto">{name}</strong>
        <p class="hint">
          {block.user !== null && `@${block.user.username} · `}
          {t.contact.since(formatFull(block.createdAt))}
        </p>
      </div>
      <Button look="quiet" onClick={onUnblock}>
        {t.blocking.unblock}
      </Button>
    </li>
  );
}

async function userOrNull(id: string): Promise<User | null> {
  try {
    return await sealgate.users.get(id);
  } catch (error) {
    if (hasCode(error, 'not_found')) return null;
    throw error;
  }
}
