import { IndexedDbStorage } from '@sealgate/client';

/** Drafts lie encrypted under a key that no script can read, as the queue of unsent messages does. */
const storage = new IndexedDbStorage('sealgate-app');

interface Draft {
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly sealed: ArrayBuffer;
}

async function key(): Promise<CryptoKey> {
  return storage.lock('draft-key', async () => {
    const known = (await storage.get('draft-key')) as CryptoKey | undefined;
    if (known !== undefined) return known;
    const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
      'encrypt',
      'decrypt',
    ]);
    await storage.write([['draft-key', made]]);
    return made;
  });
}

/** What was written and not sent; the empty text where there is nothing. */
export async function readDraft(userId: string, chatId: string): Promise<string> {
  const draft = (await storage.get(`draft/${userId}/${chatId}`)) as Draft | undefined;
  if (draft === undefined) return '';
  try {
    const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: draft.iv }, await key(), draft.sealed);
    return new TextDecoder().decode(plain);
  } catch {
    return '';
  }
}

export async function keepDraft(userId: string, chatId: string, text: string): Promise<void> {
  const place = `draft/${userId}/${chatId}`;
  if (text === '') return storage.write([[place, undefined]]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv },
    await key(),
    new TextEncoder().encode(text),
  );
  await storage.write([[place, { iv, sealed } satisfies Draft]]);
}
