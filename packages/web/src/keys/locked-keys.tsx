import { t } from '../i18n/catalogue.js';
import { useSignal } from '@preact/signals';
import { AlarmNotices } from './alarm-notice.js';
import { RecoveryCode } from './recovery-code.js';
import { RestoreForm, StartOver } from './restore.js';

/** A new device: the account's keys are somewhere else. */
export function LockedKeys({ onDone }: { onDone: () => void }) {
  const code = useSignal<string | null>(null);
  if (code.value !== null) {
    return (
      <main class="card panel" id="main">
        <h1 tabIndex={-1}>{t.keys.codeTitle}</h1>
        <p class="lead">{t.keys.codeLead}</p>
        <RecoveryCode code={code.value} onDone={onDone} />
      </main>
    );
  }
  return (
    <main class="card panel" id="main">
      <h1 tabIndex={-1}>{t.keys.restoreTitle}</h1>
      <p class="lead">{t.keys.restoreLead}</p>
      <AlarmNotices />
      <RestoreForm onRestored={onDone} />
      <StartOver onCode={(made) => (code.value = made)} />
    </main>
  );
}
