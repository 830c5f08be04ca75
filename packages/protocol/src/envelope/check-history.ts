import type { OpenReason } from '../errors.js';
import type { MessagePayload } from './envelope.js';

/** What the reader's device knows of a chat when one message of it has been opened. */
export interface ChatHistory {
  /** Where a message with this id was opened before, and the hash of its envelope. */
  readonly opened?: { readonly seq: number; readonly hash: string } | undefined;
  /** The hash of the envelope at `previous.seq`, where the reader holds that message. */
  readonly previousHash?: string | undefined;
  /** The newest `seq` up to which nothing is missing; null where the reader does not go through the chat in order. */
  readonly contiguousSeq: number | null;
}

/**
 * The checks of an opened message that need the messages before it, in their order.
 *
 * A message opened again in its own place is no replay: a reader may read a chat twice. A `previous` that is not
 * older than the message shows that somebody was given the chat in another order.
 *
 * @returns the first check that fails, or null
 */
export function checkHistory(
  message: Pick<MessagePayload, 'previous'> & { readonly seq: number; readonly hash: string },
  history: ChatHistory,
): Extract<OpenReason, 'replayed' | 'inconsistent' | 'gap'> | null {
  const { opened, previousHash, contiguousSeq } = history;
  if (opened !== undefined && (opened.seq !== message.seq || opened.hash !== message.hash)) return 'replayed';
  const { previous } = message;
  if (previous !== null && previous.seq >= message.seq) return 'inconsistent';
  if (previous !== null && previousHash !== undefined && previousHash !== previous.hash)
    return 'inconsistent';
  if (contiguousSeq !== null && message.seq > contiguousSeq + 1) return 'gap';
  return null;
}
