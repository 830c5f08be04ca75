import type { BackupStatus } from '@sealgate/client';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { t } from '../i18n/catalogue.js';
import { formatFull } from '../i18n/format.js';
import { AlarmNotices } from '../keys/alarm-notice.js';
import { CodeDialog } from '../keys/code-dialog.js';
import { RecoveryCode } from '../keys/recovery-code.js';
import { RestoreForm, StartOver } from '../keys/restore.js';
import { keyStatus, loadKeyStatus } from '../state/own-keys.js';
import { sealgate } from '../state/sealgate.js';
import { Button } from '../ui/button.js';
import { ErrorNotice, Notice } from '../ui/notice.js';
import { useAction } from '../ui/use-action.js';
import { Block } from './block.js';
import { PassphraseBlock } from './passphrase-block.js';

/** The own keys, their backup, and the log that proves everybody's. */
export function KeysSection() {
  const backup = useSignal<BackupStatus | null>(null);
  const load = useAction(async () => {
    await loadKeyStatus();
    backup.value = await sealgate.backup.status();
  });
  useEffect(() => void load.run(), []);
  const state = keyStatus.value?.state;
  const again = (): void => void load.run();
  return (
    <>
      <AlarmNotices />
      <ErrorNotice error={load.error.value} />
      <KeysBlock onChange={again} />
      {backup.value !== null && state === 'ready' && <BackupBlock backup={backup.value} onChange={again} />}
      {backup.value?.exists === true && <PassphraseBlock backup={backup.value} onChange={again} />}
    </>
  );
}

function KeysBlock({ onChange }: { onChange: () => void }) {
  const code = useSignal<string | null>(null);
  const status = keyStatus.value;
  const needsRestore = status?.state === 'locked' || (status?.versionsLost.length ?? 0) > 0;
  if (code.value !== null) {
    return (
      <Block title={t.keys.codeTitle} lead={t.keys.codeLead}>
        <RecoveryCode
          code={code.value}
          onDone={() => {
            code.value = null;
            onChange();
          }}
        />
      </Block>
    );
  }
  return (
    <Block title={t.settings.sections.keys}>
      {status?.state === 'ready' && <p>{t.settings.keysReady(status.version)}</p>}
      {status?.state === 'locked' && <Notice tone="warning">{t.settings.keysLocked}</Notice>}
      {status?.state === 'missing' && <p>{t.settings.keysMissing}</p>}
      {status?.state === 'ready' && needsRestore && <Notice tone="warning">{t.settings.keysLost}</Notice>}
      {needsRestore && (
        <>
          <h3>{t.settings.restore}</h3>
          <RestoreForm onRestored={onChange} />
        </>
      )}
      {status?.state !== 'missing' && <StartOver onCode={(made) => (code.value = made)} />}
    </Block>
  );
}

function BackupBlock({ backup, onChange }: { backup: BackupStatus; onChange: () => void }) {
  const showsCode = useSignal(false);
  const when = backup.updatedAt === null ? '' : formatFull(backup.updatedAt);
  const isWaiting = backup.hasUnconfirmedCode;
  return (
    <Block
      title={t.settings.backup}
      lead={backup.exists ? t.settings.backupThere(when) : t.settings.backupNone}
    >
      {backup.exists && (
        <p class="muted">{backup.hasPassphrase ? t.settings.backupPassphrase : t.settings.backupCodeOnly}</p>
      )}
      {isWaiting && <Notice tone="warning">{t.home.codeWaiting}</Notice>}
      {!isWaiting && <p class="hint">{t.settings.newCodeLead}</p>}
      <div class="row">
        <Button onClick={() => (showsCode.value = true)}>
          {isWaiting ? t.home.showCode : backup.exists ? t.settings.newCode : t.settings.makeBackup}
        </Button>
      </div>
      {showsCode.value && (
        <CodeDialog
          onClose={() => {
            showsCode.value = false;
            onChange();
          }}
        />
      )}
    </Block>
  );
}
