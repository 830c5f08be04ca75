import type { Chat, ChatItem } from '@sealgate/client';
import { type ReadonlySignal, useSignal } from '@preact/signals';
import type { ComponentChild } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/catalogue.js';
import { formatDay, isSameDay } from '../i18n/format.js';
import { queued } from '../state/chats.js';
import { type Conversation, type Line, seqOf } from '../state/conversation.js';
import { sealgate } from '../state/sealgate.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { ErrorNotice } from '../ui/notice.js';
import { useAction } from '../ui/use-action.js';
import { titleOf } from './chat-names.js';
import { MessageLine, MissingLine } from './message-line.js';
import { QueuedLine } from './queued-line.js';

/** The conversation, the newest at the bottom; the box is turned round, so that what comes on top moves nothing. */
export function MessageList({ chat, conversation }: { chat: Chat; conversation: Conversation }) {
  const deleting = useSignal<ChatItem | null>(null);
  const lines = conversation.lines.value;
  const waiting = queued.value.filter(({ chatId }) => chatId === chat.id);
  const isAtBeginning = conversation.before.value === null;
  return (
    <div class="messages" tabIndex={0} role="region" aria-label={t.chat.messages(titleOf(chat))}>
      <div class="messages-inner">
        <Top conversation={conversation} />
        {isAtBeginning && lines.length + waiting.length === 0 && <Empty />}
        {isAtBeginning && lines.length > 0 && <p class="beginning">{t.chat.beginning}</p>}
        <ol class="message-lines">
          {withDays(lines, (line, before) =>
            line.kind === 'missing' ? (
              <MissingLine
                key={`gap-${line.fromSeq}`}
                item={line}
                onReload={() => void conversation.refresh()}
              />
            ) : (
              <MessageLine
                key={line.id}
                item={line}
                chat={chat}
                isContinued={isContinued(line, before)}
                onDelete={(item) => (deleting.value = item)}
              />
            ),
          )}
          {waiting.map((message) => (
            <QueuedLine key={message.id} message={message} />
          ))}
        </ol>
      </div>
      {deleting.value !== null && <DeleteDialog item={deleting} />}
    </div>
  );
}

/** Seen means wanted: the page before is read as soon as the top comes near. */
function Top({ conversation }: { conversation: Conversation }) {
  const mark = useRef<HTMLDivElement>(null);
  const { before, isLoading, error } = conversation;
  const hasMore = before.value !== null;
  useEffect(() => {
    if (mark.current === null || !hasMore || isLoading.value || error.value !== null) return;
    const observer = new IntersectionObserver(
      (entries) => entries.some(({ isIntersecting }) => isIntersecting) && void conversation.older(),
      { root: mark.current.closest('.messages'), rootMargin: '600px 0px 0px' },
    );
    observer.observe(mark.current);
    return () => observer.disconnect();
  }, [conversation, hasMore, isLoading.value, error.value]);
  const again = (): void => void (before.value === undefined ? conversation.refresh() : conversation.older());
  return (
    <div ref={mark} class="top">
      {isLoading.value && (
        <p class="hint" role="status">
          {t.chat.older} …
        </p>
      )}
      {error.value !== null && (
        <div class="stack">
          <ErrorNotice error={error.value} />
          <Button onClick={again}>{t.common.tryAgain}</Button>
        </div>
      )}
    </div>
  );
}

function Empty() {
  return (
    <div class="empty">
      <p>{t.chat.empty}</p>
      <p class="hint">{t.chat.emptyLead}</p>
    </div>
  );
}

function withDays(lines: readonly Line[], show: (line: Line, before: Line | undefined) => ComponentChild) {
  return lines.flatMap((line, index) => {
    const before = lines[index - 1];
    const shown = show(line, before);
    if (line.kind === 'missing') return [shown];
    const isNewDay =
      before === undefined || before.kind === 'missing' || !isSameDay(before.sentAt, line.sentAt);
    if (!isNewDay) return [shown];
    return [
      <li key={`day-${seqOf(line)}`} class="day">
        <span>{formatDay(line.sentAt)}</span>
      </li>,
      shown,
    ];
  });
}

/** By the same person within five minutes. */
function isContinued(line: ChatItem, before: Line | undefined): boolean {
  if (before === undefined || before.kind === 'missing' || before.senderId !== line.senderId) return false;
  const apart = new Date(line.sentAt).getTime() - new Date(before.sentAt).getTime();
  return apart < 300_000 && isSameDay(before.sentAt, line.sentAt);
}

function DeleteDialog({ item }: { item: { value: ChatItem | null } & ReadonlySignal<ChatItem | null> }) {
  const close = (): void => void (item.value = null);
  const remove = useAction(async () => {
    if (item.value !== null) await sealgate.messages.delete(item.value.id);
    close();
  });
  return (
    <Dialog title={t.chat.deleteTitle} onClose={close}>
      <div class="stack">
        <p>{t.chat.deleteLead}</p>
        <ErrorNotice error={remove.error.value} />
        <div class="row end">
          <Button onClick={close}>{t.common.cancel}</Button>
          <Button look="danger" isBusy={remove.isBusy.value} onClick={() => void remove.run()}>
            {t.chat.delete}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
