import { signal } from '@preact/signals';
import { hasCode } from '@sealgate/client';
import { sealgate } from './sealgate.js';

/** What somebody shows to prove that it is still them. */
export type Proof = { readonly password: string } | { readonly code: string };

/** Somebody is asked to prove again who they are; this goes on when they have, or rejects when they will not. */
export interface ProofRequest {
  /** Tries the proof; what it throws is shown, and asked again. */
  readonly attempt: (proof: Proof) => Promise<void>;
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
  const isProven = await ask(async (proof) => void (await sealgate.auth.reauthenticate(proof)));
  return isProven ? work() : undefined;
}

/** Does what takes the proof along, and asks for one unless a sign-in with 42 a moment ago is enough. */
export async function withProofAlong(work: (proof?: Proof) => Promise<void>): Promise<void> {
  try {
    return await work();
  } catch (error) {
    if (!hasCode(error, 'validation_failed', 'reauthentication_required')) throw error;
  }
  await ask(work);
}

async function ask(attempt: (proof: Proof) => Promise<void>): Promise<boolean> {
  try {
    await new Promise<void>((resolve, reject) => (proofRequest.value = { attempt, resolve, reject }));
    return true;
  } catch (error) {
    if (error instanceof ProofDeclined) return false;
    throw error;
  } finally {
    proofRequest.value = null;
  }
}
