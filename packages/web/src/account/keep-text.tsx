import { t } from '../i18n/catalogue.js';
import { me } from '../state/session.js';
import { Button } from '../ui/button.js';
import { CopyButton } from '../ui/copy-button.js';
import { saveText } from '../ui/save-text.js';

interface KeepTextProps {
  readonly text: string;
  readonly fileName: string;
  /** Says in the file whose it is, and where. */
  readonly fileHead: (username: string, host: string) => string;
}

/** The ways to keep what is shown once: by copying, as a file, on paper. */
export function KeepText({ text, fileName, fileHead }: KeepTextProps) {
  const head = fileHead(me.value?.user.username ?? '', window.location.host);
  return (
    <div class="row fill no-print">
      <CopyButton text={text} label={t.common.copy} />
      <Button icon="download" onClick={() => saveText(fileName, `${head}\n\n${text}\n`)}>
        {t.common.download}
      </Button>
      <Button icon="print" onClick={() => window.print()}>
        {t.common.print}
      </Button>
    </div>
  );
}
