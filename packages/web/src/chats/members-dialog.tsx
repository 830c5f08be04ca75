import type { Chat, ChatMember, Trust } from '@sealgate/client';
import { useSignal } from '@preact/signals';
import { t } from '../i18n/catalogue.js';
import { putChat, takeChat } from '../state/chats.js';
import { navigate } from '../state/location.js';
import { me } from '../state/session.js';
import { sealgate } from '../state/sealgate.js';
import { Avatar } from '../ui/avatar.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { ErrorNotice } from '../ui/notice.js';
import { useAction } from '../ui/use-action.js';
import { PeopleSearch } from './people-search.js';
import { TrustMark } from './trust-mark.js';

interface MembersDialogProps {
  readonly chat: Chat;
  readonly trust: ReadonlyMap<string, Trust>;
  readonly onClose: () => void;
}

/** Who is in a group; everybody may add, the owner may remove, each may leave. */
export function MembersDialog({ chat, trust, onClose }: MembersDialogProps) {
  const isAdding = useSignal(false);
  const ownId = me.value?.user.id;
  const change = useAction(async (work: () => Promise<void>) => {
    await work();
    putChat(await sealgate.chats.get(chat.id));
    isAdding.value = false;
  });
  const leave = useAction(async () => {
    await sealgate.chats.leave(chat.id);
    takeChat({ id: chat.id, left: true });
    navigate('/home');
  });
  const add = (userId: string): Promise<void> => change.run(() => sealgate.chats.addMember(chat.id, userId));
  const remove = (userId: string): Promise<void> =>
    change.run(() => sealgate.chats.removeMember(chat.id, userId));
  return (
    <Dialog title={t.chat.members} onClose={onClose}>
      <div class="stack">
        <ul class="people">
          {chat.members.map((member) => (
            <MemberLine
              key={member.userId}
              member={member}
              isOwner={member.userId === chat.ownerId}
              trust={trust.get(member.userId)}
              isSelf={member.userId === ownId}
              onRemove={chat.ownerId === ownId && member.userId !== ownId ? remove : null}
            />
          ))}
        </ul>
        <ErrorNotice error={change.error.value ?? leave.error.value} />
        {isAdding.value && (
          <PeopleSearch
            without={new Set(chat.members.map(({ userId }) => userId))}
            onPick={({ id }) => void add(id)}
          />
        )}
        <div class="row">
          <Button icon="plus" onClick={() => (isAdding.value = !isAdding.value)}>
            {t.chat.addMember}
          </Button>
          <Button look="danger" icon="signOut" isBusy={leave.isBusy.value} onClick={() => void leave.run()}>
            {t.chat.removeSelf}
          </Button>
        </div>
        <p class="hint">{t.chat.leaveLead}</p>
      </div>
    </Dialog>
  );
}

interface MemberLineProps {
  readonly member: ChatMember;
  readonly isOwner: boolean;
  readonly isSelf: boolean;
  readonly trust: Trust | undefined;
  readonly onRemove: ((userId: string) => Promise<void>) | null;
}

function MemberLine({ member, isOwner, isSelf, trust, onRemove }: MemberLineProps) {
  return (
    <li class="member">
      <Avatar name={member.displayName} id={member.userId} />
      <span class="member-text">
        <span dir="auto">{isSelf ? t.common.you : member.displayName}</span>
        <span class="hint">{isOwner ? t.chat.owner : `@${member.username}`}</span>
        {!isSelf && <TrustMark trust={trust} href={`/contacts/${member.userId}`} />}
      </span>
      {onRemove !== null && (
        <Button look="quiet" onClick={() => void onRemove(member.userId)}>
          {t.chat.remove}
        </Button>
      )}
    </li>
  );
}
