import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { t } from '../i18n/catalogue.js';
import { keyStatus, loadKeyStatus } from '../state/own-keys.js';
import { sealgate } from '../state/sealgate.js';
import { arrive } from '../ui/arrive.js';
import { Button } from '../ui/button.js';
import { ErrorNotice } from '../ui/notice.js';
import { useAction } from '../ui/use-action.js';
import { KeyProgress, useProgress } from './key-progress.js';
import { RecoveryCode } from './recovery-code.js';

/** The first time: keys are made by themselves, then their recovery code is handed over. */
export function KeySetup({ onDone }: { onDone: () => void }) {
  const code = useSignal<string | null>(null);
  const progress = useProgress();
  const make = useAction(async () => {
    const status = await sealgate.keys.ensure(progress);
    if (status.state !== 'ready') return void (keyStatus.value = status);
    code.value = (await sealgate.backup.create(progress)).recoveryCode;
  });
  useEffect(() => void make.run(), []);
  useEffect(arrive, [code.value]);
  const finish = (): void => {
    onDone();
    void loadKeyStatus();
  };
  if (code.value !== null) {
    return (
      <main class="card panel" id="main">
        <h1 tabIndex={-1}>{t.keys.codeTitle}</h1>
        <p class="lead">{t.keys.codeLead}</p>
        <RecoveryCode code={code.value} onDone={finish} />
      </main>
    );
  }
  return (
    <main class="card panel" id="main">
      <h1 tabIndex={-1}>{t.keys.setUpTitle}</h1>
      <p class="lead">{t.keys.setUpLead}</p>
      {make.isBusy.value && <KeyProgress step={progress.step.value ?? 'generating'} />}
      <ErrorNotice error={make.error.value} />
      {make.error.value !== null && (
        <Button look="primary" onClick={() => void make.run()}>
          {t.common.tryAgain}
        </Button>
      )}
    </main>
  );
}
