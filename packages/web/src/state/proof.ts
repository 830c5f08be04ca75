import { signal } from '@preact/signals';
import { hasCode } from '@sealgate/client';

/** Somebody is asked to prove again who they are, and this goes on when they have, or rejects when they will not. */
export interface ProofRequest {
  readonly resolve: () => void;
  readonly reject: (reason: Error) => void;
}

export const proofRequest = signal<ProofRequest | null>(null);

/** The person closed the window instead. */
export class ProofDeclined extends Error {}

/** Does it, and where the server wants a recent proof first, asks for that and does it again. */
export async function withProof<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!hasCode(error, 'reauthentication_required')) throw error;
  }
  try {
    await new Promise<void>((resolve, reject) => (proofRequest.value = { resolve, reject }));
  } catch (error) {
    if (error instanceof ProofDeclined) return undefined;
    throw error;
  } finally {
    proofRequest.value = null;
  }
  return work();
}
