import type { QueuedMessage } from '@sealgate/client';
import { t } from '../i18n/catalogue.js';
import { explainCode } from '../i18n/explain.js';
import { formatClock } from '../i18n/format.js';
import { sealgate } from '../state/sealgate.js';
import { Button } from '../ui/button.js';
import { Icon } from '../ui/icon.js';
import { useAction } from '../ui/use-action.js';

/** A message of one's own that the server does not have yet. */
export function QueuedLine({ message }: { message: QueuedMessage }) {
  const retry = useAction(() => sealgate.outbox.retry(message.id));
  const discard = useAction(() => sealgate.outbox.discard(message.id));
  const label = message.state === 'sending' ? t.chat.sending : t.chat.waiting;
  return (
    <li class="message own" data-kind="queued">
      <div class="bubble">
        <p class="text" dir="auto">
          {message.text}
        </p>
        <span class="meta">
          <time dateTime={message.queuedAt}>{formatClock(message.queuedAt)}</time>
          <span class="mark" title={label}>
            <Icon name={message.state === 'failed' ? 'alert' : 'clock'} />
            <span class="visually-hidden">{message.state === 'failed' ? '' : label}</span>
          </span>
        </span>
        {message.state === 'failed' && (
          <div class="failed" role="alert">
            <p>{explainCode(message.code)}</p>
            <div class="row">
              <Button isBusy={retry.isBusy.value} onClick={() => void retry.run()}>
                {t.chat.retry}
              </Button>
              <Button look="quiet" isBusy={discard.isBusy.value} onClick={() => void discard.run()}>
                {t.chat.discard}
              </Button>
            </div>
          </div>
        )}
      </div>
    </li>
  );
}
