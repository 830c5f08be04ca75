/** One step in a user's order. */
export interface FeedStep {
  readonly position: number;
  /** As it goes over the wire; empty for what the user may not see any more. */
  readonly text: string;
}

/** Bytes that lead up to a position; null where there is nothing to tell on the way. */
export interface Chunk {
  readonly bytes: Buffer | null;
  readonly upTo: number;
}

/** Large enough that a write is worth its system call, small enough to be held for a slow reader. */
const CHUNK_CHARACTERS = 64 * 1024;

/** Joins steps to what is written at once. Made once for all streams at the same position. */
export function toChunks(steps: readonly FeedStep[]): Chunk[] {
  const chunks: Chunk[] = [];
  let text = '';
  for (const [i, step] of steps.entries()) {
    text += step.text;
    if (text.length < CHUNK_CHARACTERS && i < steps.length - 1) continue;
    chunks.push({ bytes: text === '' ? null : Buffer.from(text), upTo: step.position });
    text = '';
  }
  return chunks;
}
