import type { User } from '@sealgate/client';
import { type Signal, useSignal, useSignalEffect } from '@preact/signals';
import { t } from '../i18n/catalogue.js';
import { me } from '../state/session.js';
import { sealgate } from '../state/sealgate.js';
import { Avatar } from '../ui/avatar.js';
import { Field } from '../ui/field.js';
import { Icon } from '../ui/icon.js';
import { ErrorNotice } from '../ui/notice.js';

const DELAY_MS = 200;

interface PeopleSearchProps {
  readonly onPick: (user: User) => void;
  readonly picked?: ReadonlySet<string>;
  readonly without?: ReadonlySet<string>;
}

/** The directory, as it is typed. Who has no keys yet is shown, and why nothing can be written to them. */
export function PeopleSearch({ onPick, picked = new Set(), without = new Set() }: PeopleSearchProps) {
  const query = useSignal('');
  const found = useSignal<readonly User[] | null>(null);
  const error = useSignal<unknown>(null);
  useSearch(query, found, error);
  const shown = found.value?.filter(({ id }) => id !== me.value?.user.id && !without.has(id));
  return (
    <div class="stack">
      <Field
        label={t.newChat.search}
        hint={t.newChat.searchHint}
        value={query}
        type="search"
        autoComplete="off"
        autoCapitalize="off"
        spellcheck={false}
        autoFocus
      />
      <ErrorNotice error={error.value} />
      <ul class="people" aria-label={t.newChat.results} aria-live="polite">
        {shown?.map((user) => (
          <li key={user.id}>
            <button
              type="button"
              class="person"
              disabled={!user.hasKeys}
              aria-pressed={picked.size > 0 ? picked.has(user.id) : undefined}
              onClick={() => onPick(user)}
            >
              <Avatar name={user.displayName} id={user.id} />
              <span class="person-text">
                <span dir="auto">{user.displayName}</span>
                <span class="hint">{user.hasKeys ? `@${user.username}` : t.newChat.noKeys}</span>
              </span>
              {picked.has(user.id) && <Icon name="check" />}
            </button>
          </li>
        ))}
        {shown?.length === 0 && (
          <li class="hint">{query.value === '' ? t.newChat.someone : t.newChat.none}</li>
        )}
      </ul>
    </div>
  );
}

function useSearch(
  query: Signal<string>,
  found: Signal<readonly User[] | null>,
  error: Signal<unknown>,
): void {
  useSignalEffect(() => {
    const asked = query.value.trim();
    let isStale = false;
    const ask = async (): Promise<void> => {
      try {
        const { items } = await sealgate.users.search(asked).page();
        if (!isStale) found.value = items;
        error.value = null;
      } catch (thrown) {
        if (!isStale) error.value = thrown;
      }
    };
    const timer = setTimeout(() => void ask(), asked === '' ? 0 : DELAY_MS);
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  });
}
