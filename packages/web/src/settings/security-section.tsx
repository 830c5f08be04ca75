import { useSignal } from '@preact/signals';
import { hasCode } from '@sealgate/client';
import { useEffect } from 'preact/hooks';
import { Lockable, useLock } from '../account/lock.js';
import { RecoveryCodes } from '../account/recovery-codes.js';
import { TwoFactorSetup } from '../account/two-factor-setup.js';
import { t } from '../i18n/catalogue.js';
import { explainWeakPassword } from '../i18n/explain.js';
import { withProof } from '../state/proof.js';
import { me } from '../state/session.js';
import { sealgate } from '../state/sealgate.js';
import { Button } from '../ui/button.js';
import { CodeField } from '../ui/code-field.js';
import { ErrorNotice, Notice } from '../ui/notice.js';
import { NewPasswordField, PasswordField } from '../ui/password-field.js';
import { useAction } from '../ui/use-action.js';
import { Block } from './block.js';

/** The ways in: second step, password, 42. */
export function SecuritySection() {
  return (
    <>
      <TwoFactorBlock />
      <PasswordBlock />
      <FortyTwoBlock />
    </>
  );
}

function TwoFactorBlock() {
  const status = useSignal<{ readonly enabled: boolean; readonly recoveryCodesLeft: number } | null>(null);
  const isSettingUp = useSignal(false);
  const codes = useSignal<readonly string[] | null>(null);
  const load = useAction(async () => {
    status.value = await sealgate.twoFactor.status();
  });
  useEffect(() => void load.run(), []);
  const finish = (): void => {
    codes.value = null;
    isSettingUp.value = false;
    void load.run();
  };
  if (codes.value !== null) {
    return (
      <Block title={t.codes.title} lead={t.codes.lead}>
        <RecoveryCodes codes={codes.value} onKept={finish} />
      </Block>
    );
  }
  const known = status.value;
  const lead = known?.enabled ? t.settings.twoFactorOn(known.recoveryCodesLeft) : t.settings.twoFactorOff;
  return (
    <Block title={t.settings.twoFactor} lead={known === null ? '' : lead}>
      <ErrorNotice error={load.error.value} />
      {known?.enabled === false && !isSettingUp.value && (
        <div class="row">
          <Button look="primary" onClick={() => (isSettingUp.value = true)}>
            {t.settings.turnOn}
          </Button>
        </div>
      )}
      {isSettingUp.value && <TwoFactorSetup onEnabled={(made) => (codes.value = made)} />}
      {known?.enabled === true && (
        <TwoFactorChanges onChange={finish} onCodes={(made) => (codes.value = made)} />
      )}
    </Block>
  );
}

interface TwoFactorChangesProps {
  readonly onChange: () => void;
  readonly onCodes: (codes: readonly string[]) => void;
}

function TwoFactorChanges({ onChange, onCodes }: TwoFactorChangesProps) {
  const code = useSignal('');
  const wanted = useSignal<'off' | 'codes' | null>(null);
  const change = useAction(() =>
    withProof(async () => {
      if (wanted.value === 'codes') return onCodes(await sealgate.twoFactor.newRecoveryCodes(code.value));
      await sealgate.twoFactor.disable({ code: code.value });
      onChange();
    }),
  );
  const lock = useLock(change.error);
  const submit = (): void => void change.run().then(() => (code.value = ''));
  if (wanted.value === null) {
    return (
      <div class="row">
        <Button onClick={() => (wanted.value = 'codes')}>{t.settings.newCodes}</Button>
        <Button look="danger" onClick={() => (wanted.value = 'off')}>
          {t.settings.turnOff}
        </Button>
      </div>
    );
  }
  const isOff = wanted.value === 'off';
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <p>{isOff ? t.settings.turnOffLead : t.settings.newCodesLead}</p>
      <CodeField label={t.second.code} value={code} autoFocus />
      <Lockable lock={lock} error={change.error.value} />
      <div class="row">
        <Button type="submit" look={isOff ? 'danger' : 'primary'} isBusy={change.isBusy.value}>
          {isOff ? t.settings.turnOff : t.settings.makeCodes}
        </Button>
        <Button look="quiet" onClick={() => (wanted.value = null)}>
          {t.common.cancel}
        </Button>
      </div>
    </form>
  );
}

function PasswordBlock() {
  const current = useSignal('');
  const password = useSignal('');
  const isDone = useSignal(false);
  const change = useAction(() =>
    withProof(async () => {
      await sealgate.auth.changePassword(current.value, password.value);
      current.value = '';
      password.value = '';
      isDone.value = true;
    }),
  );
  const error = change.error.value;
  const weakness = explainWeakPassword(error);
  const isWrong = hasCode(error, 'invalid_credentials');
  const { username = '', email = null } = me.value?.user ?? {};
  return (
    <Block title={t.settings.password} lead={t.settings.passwordLead}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          isDone.value = false;
          void change.run();
        }}
      >
        <PasswordField
          label={t.settings.currentPassword}
          value={current}
          autoComplete="current-password"
          error={isWrong ? t.errors.wrong_password : null}
        />
        <NewPasswordField
          label={t.password.new}
          value={password}
          hints={[username, email?.split('@')[0] ?? '']}
          error={weakness}
        />
        {weakness === null && !isWrong && <ErrorNotice error={error} />}
        {isDone.value && <Notice tone="success">{t.settings.passwordChanged}</Notice>}
        <div class="row">
          <Button type="submit" isBusy={change.isBusy.value}>
            {t.settings.changePassword}
          </Button>
        </div>
      </form>
      <p class="hint">{t.settings.noPassword}</p>
    </Block>
  );
}

function FortyTwoBlock() {
  const isLinked = useSignal<boolean | null>(null);
  const look = useAction(async () => {
    const { identities } = await sealgate.profile.export();
    isLinked.value = Array.isArray(identities) && identities.length > 0;
  });
  useEffect(() => void look.run(), []);
  if (isLinked.value === null) return null;
  return (
    <Block
      title={t.settings.fortyTwo}
      lead={isLinked.value ? t.settings.fortyTwoLinked : t.settings.fortyTwoNot}
    />
  );
}
