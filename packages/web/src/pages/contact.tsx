import type { ContactKeys, User } from '@sealgate/client';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { t } from '../i18n/catalogue.js';
import { Blocking } from '../chats/blocking.js';
import { KeyList } from '../keys/key-list.js';
import { keyChanges } from '../state/live.js';
import { here } from '../state/location.js';
import type { PageProps } from '../state/routes.js';
import { me } from '../state/session.js';
import { sealgate } from '../state/sealgate.js';
import { AuthPage } from '../ui/auth-page.js';
import { Button } from '../ui/button.js';
import { Icon, type IconName } from '../ui/icon.js';
import { ErrorNotice, Notice } from '../ui/notice.js';
import { QrCode } from '../ui/qr-code.js';
import { useAction } from '../ui/use-action.js';

interface Contact {
  readonly user: User;
  readonly keys: ContactKeys | null;
  readonly number: { readonly digits: string; readonly qr: string } | null;
}

async function read(id: string): Promise<Contact> {
  const [user, keys] = await Promise.all([sealgate.users.get(id), sealgate.keys.of(id, { fresh: true })]);
  return { user, keys, number: keys === null ? null : await sealgate.keys.safetyNumber(id) };
}

/** Of another person it is another page: what was on the way for the one before comes too late. */
export function Page({ id }: PageProps) {
  return <Verification key={id} id={id} />;
}

/** Two people make sure that nobody sits between them. */
function Verification({ id }: PageProps) {
  const contact = useSignal<Contact | null>(null);
  const changes = keyChanges.value;
  const load = useAction(async () => {
    contact.value = await read(id ?? '');
    document.title = `${t.contact.title(contact.value.user.displayName)} · Sealgate`;
  });
  useEffect(() => void load.run(), [id, changes]);
  const known = contact.value;
  return (
    <AuthPage
      title={known === null ? t.chat.verify : t.contact.title(known.user.displayName)}
      lead={t.contact.lead}
    >
      <ErrorNotice error={load.error.value} />
      {known?.keys === null && <Notice tone="info">{t.contact.noKeys}</Notice>}
      {known?.keys && known.number && (
        <Comparison keys={known.keys} number={known.number} onChange={() => void load.run()} />
      )}
      {known !== null && known.user.id !== me.value?.user.id && (
        <Blocking key={known.user.id} user={known.user} />
      )}
      <BackToChat />
    </AuthPage>
  );
}

interface ComparisonProps {
  readonly keys: ContactKeys;
  readonly number: { readonly digits: string; readonly qr: string };
  readonly onChange: () => void;
}

function Comparison({ keys, number, onChange }: ComparisonProps) {
  const isCompared = keys.trust === 'compared';
  const mark = useAction(async () => {
    if (isCompared) await sealgate.keys.unmarkCompared(keys.userId);
    else await sealgate.keys.markCompared(keys.userId);
    onChange();
  });
  const isChanged = keys.trust === 'changed' || keys.trust === 'changed-after-compare';
  return (
    <>
      {isChanged && <Notice tone="warning">{t.contact.changed}</Notice>}
      <Marks keys={keys} isCompared={isCompared} />
      <QrCode text={number.qr} label={t.contact.qrAlt} />
      <p class="safety-number" aria-label={t.contact.number} role="group">
        {(number.qr.match(/\d{5}/g) ?? []).map((group, index) => (
          <span key={index}>{group}</span>
        ))}
      </p>
      <ErrorNotice error={mark.error.value} />
      <Button
        look={isCompared ? 'plain' : 'primary'}
        isBusy={mark.isBusy.value}
        onClick={() => void mark.run()}
      >
        {isCompared ? t.contact.unmark : t.contact.same}
      </Button>
      <details class="last-resort">
        <summary>{t.contact.different}</summary>
        <p class="hint">{t.contact.differentLead}</p>
      </details>
      <details class="last-resort">
        <summary>{t.contact.history}</summary>
        <KeyList history={keys.history} />
      </details>
    </>
  );
}

/** What this device knows by itself, and what only the two people can. */
function Marks({ keys, isCompared }: { keys: ContactKeys; isCompared: boolean }) {
  return (
    <ul class="marks">
      <Mark
        icon="log"
        isSet
        title={t.contact.logged}
        lead={t.contact.loggedLead(keys.current.logIndex, keys.log.size)}
      />
      <Mark
        icon="shield"
        isSet={isCompared}
        title={isCompared ? t.contact.compared : t.contact.notCompared}
        lead={isCompared ? t.contact.verified : t.contact.notComparedLead}
      />
    </ul>
  );
}

interface MarkProps {
  readonly icon: IconName;
  readonly isSet: boolean;
  readonly title: string;
  readonly lead: string;
}

function Mark({ icon, isSet, title, lead }: MarkProps) {
  return (
    <li class={isSet ? 'set' : 'open'}>
      <Icon name={icon} />
      <div>
        <strong>{title}</strong>
        <p class="hint">{lead}</p>
      </div>
    </li>
  );
}

function BackToChat() {
  const chat = here.value.searchParams.get('chat');
  return (
    <a class="button quiet" href={chat === null ? '/home' : `/home/${encodeURIComponent(chat)}`}>
      <span>{chat === null ? t.common.home : t.contact.back}</span>
    </a>
  );
}
