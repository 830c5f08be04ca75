import type { ContactKeys, LogStatus } from '@sealgate/client';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { t } from '../i18n/catalogue.js';
import { AlarmNotices } from '../keys/alarm-notice.js';
import { foreignVersions } from '../keys/foreign-versions.js';
import { KeyList } from '../keys/key-list.js';
import { alarms, keyChanges } from '../state/live.js';
import { keyStatus } from '../state/own-keys.js';
import { sealgate } from '../state/sealgate.js';
import { me } from '../state/session.js';
import { Button } from '../ui/button.js';
import { ErrorNotice, Notice } from '../ui/notice.js';
import { useAction } from '../ui/use-action.js';
import { Block } from './block.js';

/** What everybody sees of the own keys, and how far this device has checked the log of them. */
export function HistorySection() {
  return (
    <>
      <AlarmNotices />
      <OwnKeysBlock />
      <LogBlock />
    </>
  );
}

function OwnKeysBlock() {
  const keys = useSignal<ContactKeys | null>(null);
  const isRead = useSignal(false);
  const userId = me.value?.user.id ?? '';
  const load = useAction(async () => {
    keys.value = await sealgate.keys.of(userId, { fresh: true });
    isRead.value = true;
  });
  useEffect(() => void load.run(), [userId, keyChanges.value]);
  return (
    <Block title={t.history.title} lead={t.history.lead}>
      <ErrorNotice error={load.error.value} />
      {isRead.value && keys.value === null && <p class="muted">{t.settings.keysMissing}</p>}
      {keys.value !== null && (
        <KeyList history={keys.value.history} tags={(version) => <OwnTag version={version} />} />
      )}
    </Block>
  );
}

function OwnTag({ version }: { version: number }) {
  if (foreignVersions(alarms.value).has(version)) return <span class="tag bad">{t.history.foreign}</span>;
  const isHere = keyStatus.value?.versionsHere.includes(version) === true;
  return <span class={isHere ? 'tag good' : 'tag'}>{isHere ? t.history.here : t.history.elsewhere}</span>;
}

function LogBlock() {
  const status = useSignal<LogStatus | null>(null);
  const isChecked = useSignal(false);
  const check = useAction(async () => {
    isChecked.value = false;
    await sealgate.keyLog.check();
    await sealgate.keyLog.watchOwn();
    status.value = await sealgate.keyLog.status();
    isChecked.value = status.value.alarms.length === 0;
  });
  useEffect(() => {
    const look = async (): Promise<void> => void (status.value = await sealgate.keyLog.status());
    void look();
  }, []);
  const size = status.value?.head?.size ?? 0;
  return (
    <Block title={t.settings.safetyLog} lead={t.settings.safetyLogHead(size)}>
      <p class="hint">{t.history.logLead}</p>
      {isChecked.value && <Notice tone="success">{t.settings.logFine}</Notice>}
      <ErrorNotice error={check.error.value} />
      <div class="row">
        <Button isBusy={check.isBusy.value} onClick={() => void check.run()}>
          {t.settings.checkLog}
        </Button>
      </div>
    </Block>
  );
}
