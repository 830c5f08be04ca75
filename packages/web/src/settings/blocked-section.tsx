import { type BlockedUser, hasCode, type User } from '@sealgate/client';
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

/** Each name is asked for by itself. */
const PAGE = 20;

/** Whom one does not want to hear from, and how to hear from them again. */
export function BlockedSection() {
  const blocked = useSignal<readonly BlockedUser[] | null>(null);
  const shown = useSignal(PAGE);
  const load = useAction(async () => {
    blocked.value = await sealgate.users.blocked();
  });
  useEffect(() => void load.run(), []);
  const forget = (userId: string): void => {
    blocked.value = blocked.value?.filter((block) => block.userId !== userId) ?? null;
  };
  const known = blocked.value;
  return (
    <Block title={t.settings.sections.blocked} lead={t.blocking.lead}>
      <ErrorNotice error={load.error.value} />
      {known?.length === 0 && <p class="hint">{t.blocking.nobody}</p>}
      <ul class="entries">
        {known?.slice(0, shown.value).map((block) => (
          <BlockedEntry key={block.userId} block={block} onUnblocked={() => forget(block.userId)} />
        ))}
      </ul>
      {known !== null && known.length > shown.value && (
        <div class="row">
          <Button onClick={() => (shown.value += PAGE)}>{t.settings.more}</Button>
        </div>
      )}
    </Block>
  );
}

function BlockedEntry({ block, onUnblocked }: { block: BlockedUser; onUnblocked: () => void }) {
  /** Undefined until it is known, null where the account is gone. */
  const user = useSignal<User | null | undefined>(undefined);
  const load = useAction(async () => {
    user.value = await userOrNull(block.userId);
  });
  useEffect(() => void load.run(), [block.userId]);
  const unblock = useAction(async () => {
    await sealgate.users.unblock(block.userId);
    onUnblocked();
  });
  const name = user.value === undefined ? '…' : (user.value?.displayName ?? t.blocking.gone);
  const handle = user.value ? `@${user.value.username} · ` : '';
  return (
    <li class="entry">
      <Avatar name={name} id={block.userId} />
      <div class="entry-text">
        <strong dir="auto">{name}</strong>
        <p class="hint">
          {handle}
          {t.contact.since(formatFull(block.createdAt))}
        </p>
        <ErrorNotice error={unblock.error.value ?? load.error.value} />
      </div>
      <Button look="quiet" isBusy={unblock.isBusy.value} onClick={() => void unblock.run()}>
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
