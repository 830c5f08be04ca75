import type { KeyStatus } from '@sealgate/client';
import { signal } from '@preact/signals';
import { sealgate } from './sealgate.js';

/** The own keys on this device; null while it is not known. */
export const keyStatus = signal<KeyStatus | null>(null);
export const keyError = signal<unknown>(null);

export async function loadKeyStatus(): Promise<void> {
  keyError.value = null;
  try {
    keyStatus.value = await sealgate.keys.status();
  } catch (error) {
    keyError.value = error;
  }
}

export function forgetKeys(): void {
  keyStatus.value = null;
}
