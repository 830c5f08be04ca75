import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/catalogue.js';
import { keepDraft, readDraft } from '../state/drafts.js';
import { sealgate } from '../state/sealgate.js';
import { IconButton } from '../ui/button.js';
import { ErrorNotice } from '../ui/notice.js';

const DRAFT_DELAY_MS = 300;

/** Where messages are written. Enter sends, with Shift it begins a new line; what is not sent stays as a draft. */
export function Composer({ userId, chatId }: { userId: string; chatId: string }) {
  const text = useSignal('');
  const error = useSignal<unknown>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // Until the kept draft is here, an empty field must not replace it.
  const isFilled = useRef(false);
  useEffect(() => {
    const fill = async (): Promise<void> => {
      const draft = await readDraft(userId, chatId);
      if (!isFilled.current) text.value = draft;
      isFilled.current = true;
    };
    void fill();
    if (matchMedia('(hover: hover)').matches) area.current?.focus({ preventScroll: true });
    const keep = (): void => {
      clearTimeout(timer.current);
      if (isFilled.current) void keepDraft(userId, chatId, text.peek());
    };
    window.addEventListener('pagehide', keep);
    return () => {
      window.removeEventListener('pagehide', keep);
      keep();
    };
  }, [userId, chatId]);
  // Not one at a time: who writes quickly has several on their way.
  const send = async (): Promise<void> => {
    const words = text.value.trim();
    if (words === '') return;
    text.value = '';
    error.value = null;
    // What was typed last would come back as a draft.
    clearTimeout(timer.current);
    try {
      await sealgate.outbox.add(chatId, words);
      await keepDraft(userId, chatId, text.peek());
    } catch (thrown) {
      text.value = text.peek() === '' ? words : text.peek();
      error.value = thrown;
    }
  };
  const change = (words: string): void => {
    text.value = words;
    isFilled.current = true;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void keepDraft(userId, chatId, words), DRAFT_DELAY_MS);
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        area.current?.focus();
        void send();
      }}
    >
      <ErrorNotice error={error.value} />
      <div class="input">
        <textarea
          ref={area}
          rows={1}
          aria-label={t.chat.write}
          placeholder={t.chat.write}
          dir="auto"
          enterkeyhint="send"
          value={text.value}
          onInput={(event) => change(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            void send();
          }}
        />
        <IconButton type="submit" icon="send" label={t.chat.send} />
      </div>
    </form>
  );
}
