import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

/** Modules of white around it. @see ISO/IEC 18004 §9.1 */
const QUIET = 4;

interface Picture {
  readonly size: number;
  readonly path: string;
}

/** A text as a QR code, drawn as one path; the library comes when the first one is wanted. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const picture = useSignal<Picture | null>(null);
  useEffect(() => {
    const draw = async (): Promise<void> => {
      const { default: qr } = await import('qrcode');
      picture.value = toPicture(qr.create(text, { errorCorrectionLevel: 'M' }).modules);
    };
    void draw();
  }, [text]);
  const { size = 0, path = '' } = picture.value ?? {};
  return (
    <div class="qr-frame">
      {picture.value !== null && (
        <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} class="qr">
          <path d={path} />
        </svg>
      )}
    </div>
  );
}

function toPicture(modules: { readonly size: number; get(row: number, column: number): number }): Picture {
  let path = '';
  for (let row = 0; row < modules.size; row += 1) {
    for (let column = 0; column < modules.size; column += 1) {
      if (modules.get(row, column) !== 0) path += `M${column + QUIET} ${row + QUIET}h1v1h-1z`;
    }
  }
  return { size: modules.size + 2 * QUIET, path };
}
