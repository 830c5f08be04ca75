import { signal, useComputed, useSignalEffect } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { t } from './i18n/catalogue.js';
import { follow, unfollow } from './state/live.js';
import { here, navigate, returnTo, withReturnTo } from './state/location.js';
import { pageOf, type Page, type PageProps } from './state/routes.js';
import { loadMe, me, meError, pageOfNext } from './state/session.js';
import { Announcer } from './ui/announcer.js';
import { arrive } from './ui/arrive.js';
import { AuthPage } from './ui/auth-page.js';
import { Button } from './ui/button.js';
import { ErrorNotice } from './ui/notice.js';

/** Pages that have arrived; a page that fails to arrive is asked for again at the next try. */
const loaded = signal<ReadonlyMap<Page, ComponentType<PageProps>>>(new Map());
const loadError = signal<unknown>(null);

function fetchPage(page: Page): void {
  loadError.value = null;
  page.load().then(
    ({ Page: component }) => (loaded.value = new Map(loaded.peek()).set(page, component)),
    (error: unknown) => (loadError.value = error),
  );
}

/** Where the person has to be instead of here; null where all is well, undefined while it is not known. */
function redirection(path: string, access: Page['access'], name: string): string | null | undefined {
  const who = me.value;
  if (path === '/')
    return who === undefined ? undefined : who === null ? '/sign-in' : pageOfNext(who.next, null);
  if (access === 'public') return null;
  if (access === 'guest') return who ? pageOfNext(who.next, returnTo()) : null;
  if (who === undefined) return undefined;
  const target = here.value.pathname + here.value.search + here.value.hash;
  if (who === null) return withReturnTo('/sign-in', access === 'user' ? target : returnTo());
  if (access === 'user') return who.next === 'home' ? null : pageOfNext(who.next, target);
  return who.next === name ? null : pageOfNext(who.next, returnTo());
}

export function App() {
  useSignalEffect(() => {
    const who = me.value;
    if (who?.next === 'home') follow(who.user.id);
    else if (who !== undefined) unfollow();
  });
  const found = useComputed(() => pageOf(here.value.pathname));
  useSignalEffect(() => {
    const { page, name } = found.value;
    const elsewhere = redirection(here.value.pathname, page.access, name);
    if (typeof elsewhere === 'string') return navigate(elsewhere, { replace: true });
    if (!loaded.peek().has(page)) fetchPage(page);
  });
  const { page, name, id } = found.value;
  const isHere = redirection(here.value.pathname, page.access, name) === null;
  const Shown = isHere ? loaded.value.get(page) : undefined;
  return (
    <>
      {Shown === undefined ? (
        <Waiting needsMe={page.access !== 'public'} retry={() => fetchPage(page)} />
      ) : (
        <Shown id={id} />
      )}
      {Shown !== undefined && <FocusOnArrival key={name} />}
      <Announcer />
    </>
  );
}

/** A new page has arrived. */
function FocusOnArrival() {
  useEffect(arrive, []);
  return null;
}

/** Nothing at all for as long as it is quick. */
function Waiting({ needsMe, retry }: { needsMe: boolean; retry: () => void }) {
  const error = (needsMe ? meError.value : null) ?? loadError.value;
  if (error === null) return <div class="waiting" role="status" aria-label={t.common.loading} />;
  const again = (): void => {
    void loadMe();
    retry();
  };
  return (
    <AuthPage title={t.unreachable.title}>
      <ErrorNotice error={error} />
      <Button look="primary" onClick={again}>
        {t.common.tryAgain}
      </Button>
    </AuthPage>
  );
}
