import type { Chat, Trust } from '@sealgate/client';
import { type ReadonlySignal, useSignal, useSignalEffect } from '@preact/signals';
import { keyChanges } from '../state/live.js';
import { sealgate } from '../state/sealgate.js';
import { othersIn } from './chat-names.js';

/** How far the keys of everybody else in the chat are known; asked again whenever somebody's change. */
export function useTrust(chat: ReadonlySignal<Chat | undefined>): ReadonlySignal<ReadonlyMap<string, Trust>> {
  const trust = useSignal<ReadonlyMap<string, Trust>>(new Map());
  useSignalEffect(() => {
    const others = chat.value === undefined ? [] : othersIn(chat.value);
    const changes = keyChanges.value;
    const ask = async (): Promise<void> => {
      const found = new Map<string, Trust>();
      for (const { userId } of others) {
        const keys = await sealgate.keys.of(userId).catch(() => null);
        if (keys !== null) found.set(userId, keys.trust);
      }
      if (changes === keyChanges.peek()) trust.value = found;
    };
    void ask();
  });
  return trust;
}
