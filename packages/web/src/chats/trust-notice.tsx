import type { Chat, Trust } from '@sealgate/client';
import { t } from '../i18n/catalogue.js';
import { keyChanges } from '../state/live.js';
import { sealgate } from '../state/sealgate.js';
import { queued } from '../state/chats.js';
import { Button } from '../ui/button.js';
import { Notice } from '../ui/notice.js';
import { useAction } from '../ui/use-action.js';
import { othersIn } from './chat-names.js';

/** In the chat itself: whose keys have changed, and the two ways on. */
export function TrustNotices({ chat, trust }: { chat: Chat; trust: ReadonlyMap<string, Trust> }) {
  return (
    <>
      {othersIn(chat).map(({ userId, displayName }) => {
        const known = trust.get(userId);
        if (known !== 'changed' && known !== 'changed-after-compare') return null;
        return <TrustNotice key={userId} chatId={chat.id} userId={userId} name={displayName} trust={known} />;
      })}
    </>
  );
}

interface TrustNoticeProps {
  readonly chatId: string;
  readonly userId: string;
  readonly name: string;
  readonly trust: 'changed' | 'changed-after-compare';
}

function TrustNotice({ chatId, userId, name, trust }: TrustNoticeProps) {
  const accept = useAction(async () => {
    await sealgate.keys.accept(userId);
    keyChanges.value += 1;
    for (const { id, state, chatId: of } of queued.peek())
      if (state === 'failed' && of === chatId) await sealgate.outbox.retry(id);
  });
  return (
    <Notice tone="warning">
      <p>{trust === 'changed' ? t.trust.changed(name) : t.trust.changedAfterCompare(name)}</p>
      <div class="row">
        <a class="button plain" href={`/contacts/${userId}?chat=${chatId}`}>
          <span>{t.trust.compare}</span>
        </a>
        <Button isBusy={accept.isBusy.value} onClick={() => void accept.run()}>
          {t.trust.accept}
        </Button>
      </div>
    </Notice>
  );
}
