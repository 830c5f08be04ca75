import type { Alarm } from '@sealgate/client';
import { t } from '../i18n/catalogue.js';
import { formatFull } from '../i18n/format.js';
import { alarms, loadAlarms } from '../state/live.js';
import { sealgate } from '../state/sealgate.js';
import { Button } from '../ui/button.js';
import { Notice } from '../ui/notice.js';
import { saveText } from '../ui/save-text.js';
import { useAction } from '../ui/use-action.js';
import { foreignVersions } from './foreign-versions.js';

/** The server was caught: what it did, the evidence to keep, and the way on. */
export function AlarmNotices() {
  return (
    <>
      {alarms.value.map((alarm) => (
        <AlarmNotice key={alarm.id} alarm={alarm} />
      ))}
    </>
  );
}

/** The log or somebody's keys do not add up: nobody but the server, or who sits before it, can have done that. */
function Caught({ alarm }: { alarm: Alarm }) {
  return (
    <p>
      <strong>{t.keys.alarmTitle}.</strong> {t.keys.alarmChecks[alarm.check]} {t.keys.alarmLead}
    </p>
  );
}

/** Perhaps the person's own doing on another device, perhaps somebody else's: only they can tell. */
function ForeignKeys({ alarm }: { alarm: Alarm }) {
  const [version] = foreignVersions([alarm]);
  return (
    <>
      <p>
        <strong>{t.keys.foreignTitle(version ?? 0)}</strong>
      </p>
      <p>{t.keys.foreignOwn}</p>
      <p>{t.keys.foreignOther}</p>
      <p class="row">
        <a href="/settings/history">{t.keys.foreignHistory}</a>
        <a href="/settings/devices">{t.keys.foreignDevices}</a>
        <a href="/settings/keys">{t.keys.foreignKeys}</a>
      </p>
    </>
  );
}

function AlarmNotice({ alarm }: { alarm: Alarm }) {
  const dismiss = useAction(async () => {
    await sealgate.keyLog.dismiss(alarm.id);
    await loadAlarms();
  });
  const evidence = (): void =>
    saveText('sealgate-evidence.json', JSON.stringify(alarm, null, 2), 'application/json');
  return (
    <Notice tone="error">
      {alarm.check === 'own-entry' ? <ForeignKeys alarm={alarm} /> : <Caught alarm={alarm} />}
      <p class="hint">{formatFull(alarm.at)}</p>
      <div class="row">
        <Button icon="download" onClick={evidence}>
          {t.keys.evidence}
        </Button>
        <Button isBusy={dismiss.isBusy.value} onClick={() => void dismiss.run()}>
          {t.keys.dismiss}
        </Button>
      </div>
    </Notice>
  );
}
