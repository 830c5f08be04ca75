import type { Alarm } from '@sealgate/client';
import { t } from '../i18n/catalogue.js';
import { formatFull } from '../i18n/format.js';
import { alarms, loadAlarms } from '../state/live.js';
import { sealgate } from '../state/sealgate.js';
import { Button } from '../ui/button.js';
import { Notice } from '../ui/notice.js';
import { saveText } from '../ui/save-text.js';
import { useAction } from '../ui/use-action.js';

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

function AlarmNotice({ alarm }: { alarm: Alarm }) {
  const dismiss = useAction(async () => {
    await sealgate.keyLog.dismiss(alarm.id);
    await loadAlarms();
  });
  const evidence = (): void =>
    saveText('sealgate-evidence.json', JSON.stringify(alarm, null, 2), 'application/json');
  return (
    <Notice tone="error">
      <p>
        <strong>{t.keys.alarmTitle}.</strong> {t.keys.alarmChecks[alarm.check]} {t.keys.alarmLead}
      </p>
      <p class="hint">{formatFull(alarm.at)}</p>
      <div class="row">
        <Button icon="download" onClick={evidence}>
          {t.common.download}
        </Button>
        <Button isBusy={dismiss.isBusy.value} onClick={() => void dismiss.run()}>
          {t.keys.dismiss}
        </Button>
      </div>
    </Notice>
  );
}
