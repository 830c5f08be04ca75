import type { User } from '@sealgate/client';
import { useSignal } from '@preact/signals';
import { t } from '../i18n/catalogue.js';
import { putChat } from '../state/chats.js';
import { navigate } from '../state/location.js';
import { sealgate } from '../state/sealgate.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { Field } from '../ui/field.js';
import { ErrorNotice } from '../ui/notice.js';
import { useAction } from '../ui/use-action.js';
import { PeopleSearch } from './people-search.js';

/** With one person at a click, or a group of several. */
export function NewChatDialog({ onClose }: { onClose: () => void }) {
  const isGroup = useSignal(false);
  const title = useSignal('');
  const members = useSignal<readonly User[]>([]);
  const begin = useAction(async (make: () => ReturnType<typeof sealgate.chats.direct>) => {
    const chat = await make();
    putChat(chat);
    onClose();
    navigate(`/home/${chat.id}`);
  });
  const pick = (user: User): void => {
    if (!isGroup.value) return void begin.run(() => sealgate.chats.direct(user.id));
    const others = members.value.filter(({ id }) => id !== user.id);
    members.value = others.length < members.value.length ? others : [...others, user];
  };
  const makeGroup = (): Promise<void> =>
    begin.run(() =>
      sealgate.chats.group(
        title.value.trim(),
        members.value.map(({ id }) => id),
      ),
    );
  const canMake = members.value.length > 0 && title.value.trim() !== '';
  return (
    <Dialog title={t.newChat.title} onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (isGroup.value && canMake) void makeGroup();
        }}
      >
        <div>
          <Button look="quiet" icon="users" onClick={() => (isGroup.value = !isGroup.value)}>
            {isGroup.value ? t.newChat.direct : t.newChat.group}
          </Button>
        </div>
        {isGroup.value && <Field label={t.newChat.groupTitle} value={title} maxLength={80} required />}
        <PeopleSearch onPick={pick} picked={new Set(members.value.map(({ id }) => id))} />
        <ErrorNotice error={begin.error.value} />
        {isGroup.value && (
          <Button type="submit" look="primary" isBusy={begin.isBusy.value} disabled={!canMake}>
            {t.newChat.makeGroup(members.value.length)}
          </Button>
        )}
      </form>
    </Dialog>
  );
}
