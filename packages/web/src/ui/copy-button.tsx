import { useSignal } from '@preact/signals';
import { t } from '../i18n/catalogue.js';
import { announce } from './announcer.js';
import { Button } from './button.js';

/** Copies a text, and says that it did. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const isCopied = useSignal(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    isCopied.value = true;
    announce(t.common.copied);
    setTimeout(() => (isCopied.value = false), 2000);
  };
  return (
    <Button look="plain" icon={isCopied.value ? 'check' : 'copy'} onClick={() => void copy()}>
      {isCopied.value ? t.common.copied : label}
    </Button>
  );
}
