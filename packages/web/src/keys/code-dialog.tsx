import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { t } from '../i18n/catalogue.js';
import { sealgate } from '../state/sealgate.js';
import { Dialog } from '../ui/dialog.js';
import { ErrorNotice } from '../ui/notice.js';
import { useAction } from '../ui/use-action.js';
import { KeyProgress, useProgress } from './key-progress.js';
import { RecoveryCode } from './recovery-code.js';

/** Shows the recovery code that waits to be written down, or a new one. */
export function CodeDialog({ onClose }: { onClose: () => void }) {
  const code = useSignal<string | null>(null);
  const progress = useProgress();
  const make = useAction(async () => {
    code.value = (await sealgate.backup.create(progress)).recoveryCode;
  });
  useEffect(() => void make.run(), []);
  return (
    <Dialog title={t.keys.codeTitle} onClose={onClose}>
      <div class="stack">
        <p class="muted">{t.keys.codeLead}</p>
        {make.isBusy.value && <KeyProgress step={progress.step.value ?? 'sealing-backup'} />}
        <ErrorNotice error={make.error.value} />
        {code.value !== null && <RecoveryCode code={code.value} onDone={onClose} />}
      </div>
    </Dialog>
  );
}
