import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Profile } from '@sealgate/client';
import { t } from '../i18n/catalogue.js';
import { withProofAlong } from '../state/proof.js';
import { loadMe } from '../state/session.js';
import { sealgate } from '../state/sealgate.js';
import { Button } from '../ui/button.js';
import { Field } from '../ui/field.js';
import { ErrorNotice, Notice } from '../ui/notice.js';
import { useAction } from '../ui/use-action.js';
import { Block } from './block.js';

/** How others see one, and where mail goes. */
export function ProfileSection() {
  const profile = useSignal<Profile | null>(null);
  const load = useAction(async () => {
    profile.value = await sealgate.profile.get();
  });
  useEffect(() => void load.run(), []);
  const known = profile.value;
  return (
    <>
      <ErrorNotice error={load.error.value} />
      {known !== null && <NameBlock profile={known} />}
      {known !== null && <EmailBlock profile={known} />}
    </>
  );
}

function NameBlock({ profile }: { profile: Profile }) {
  const name = useSignal(profile.displayName);
  const isSaved = useSignal(false);
  const save = useAction(async () => {
    isSaved.value = false;
    const { displayName } = await sealgate.profile.update({ displayName: name.value.trim() });
    name.value = displayName;
    isSaved.value = true;
    await loadMe();
  });
  return (
    <Block title={t.settings.sections.profile}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void save.run();
        }}
      >
        <Field label={t.settings.displayName} value={name} maxLength={64} autoComplete="name" required />
        <p class="hint">
          {t.settings.username}: @{profile.username}
        </p>
        <ErrorNotice error={save.error.value} />
        {isSaved.value && <Notice tone="success">{t.common.saved}</Notice>}
        <div class="row">
          <Button type="submit" look="primary" isBusy={save.isBusy.value}>
            {t.common.save}
          </Button>
        </div>
      </form>
    </Block>
  );
}

function EmailBlock({ profile }: { profile: Profile }) {
  const email = useSignal('');
  const sent = useSignal<string | null>(null);
  const resend = useAction(async () => {
    await sealgate.auth.resendVerification();
    sent.value = t.settings.resent;
  });
  const change = useAction(() =>
    withProofAlong(async (proof) => {
      await sealgate.profile.update({ email: email.value.trim(), ...proof });
      email.value = '';
      sent.value = t.settings.emailAsked;
    }),
  );
  return (
    <Block title={t.settings.email}>
      <p>
        {profile.email ?? '–'}{' '}
        <span class={profile.emailVerified ? 'tag good' : 'tag'}>
          {profile.emailVerified ? t.settings.emailConfirmed : t.settings.emailOpen}
        </span>
      </p>
      {!profile.emailVerified && profile.email !== null && (
        <div class="row">
          <Button isBusy={resend.isBusy.value} onClick={() => void resend.run()}>
            {t.settings.resend}
          </Button>
        </div>
      )}
      {sent.value !== null && <Notice tone="success">{sent.value}</Notice>}
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void change.run();
        }}
      >
        <Field label={t.settings.newEmail} value={email} type="email" autoComplete="email" required />
        <ErrorNotice error={change.error.value ?? resend.error.value} />
        <div class="row">
          <Button type="submit" isBusy={change.isBusy.value}>
            {t.settings.changeEmail}
          </Button>
        </div>
      </form>
    </Block>
  );
}
