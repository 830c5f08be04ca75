import type { SealgateStorage } from './storage.js';

/** Text that only this device can read; plain where the storage encrypts by itself. */
export type LocallySealed =
  { readonly text: string } | { readonly iv: Uint8Array; readonly sealed: ArrayBuffer };

const KEY = 'device-key';
const IV_BYTES = 12;

/**
 * Encrypts what waits in a storage that does not encrypt by itself, under a key whose bytes nobody can read: a copy of
 * the browser's files is then not enough to read it.
 */
export class LocalBox {
  constructor(private readonly storage: SealgateStorage) {}

  async seal(text: string): Promise<LocallySealed> {
    if (!this.storage.holdsCryptoKeys) return { text };
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
    const data = new TextEncoder().encode(text);
    return { iv, sealed: await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await this.key(), data) };
  }

  async open(box: LocallySealed): Promise<string> {
    if ('text' in box) return box.text;
    const iv = new Uint8Array(box.iv);
    const data = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, await this.key(), box.sealed);
    return new TextDecoder().decode(data);
  }

  private key() {
    return this.storage.lock(KEY, async () => {
      const kept = await this.storage.get(KEY);
      if (kept !== undefined) return kept as Awaited<ReturnType<typeof makeKey>>;
      const made = await makeKey();
      await this.storage.write([[KEY, made]]);
      return made;
    });
  }
}

function makeKey() {
  return crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}
