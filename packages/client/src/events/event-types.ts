import type { Alarm } from '../log/log-types.js';
import type { Chat, ChatItem, QueuedMessage, SentMessage } from '../messages/message-types.js';

/** What happens, by type. */
export interface EventData {
  /** A message arrived, the own ones from other devices too, or became a tombstone; already opened. */
  readonly message: ChatItem;
  readonly read: { readonly chatId: string; readonly userId: string; readonly lastReadSeq: number };
  readonly chat: Chat | { readonly id: string; readonly left: true };
  /** Somebody has new keys. */
  readonly keys: { readonly userId: string; readonly version: number };
  /** This session has ended; the stream is over. */
  readonly session: { readonly id: string; readonly ended: true };
  /** The stream starts here: what was before is in the history. */
  readonly ready: Record<string, never>;
  /** Too long away: read lists and histories anew. */
  readonly reset: Record<string, never>;
  /** Of this device: the stream is up, or down and coming back. */
  readonly connection: { readonly state: 'connected' | 'waiting' | 'closed'; readonly retryInMs?: number };
  /** Of this device: the server was caught. */
  readonly alarm: Alarm;
  /** Of this device: nobody is signed in any more. */
  readonly 'signed-out': Record<string, never>;
  /** Of this device: a queued message changed; `sent` once the server has it, `discarded` once taken out. */
  readonly outbox:
    | { readonly state: 'queued' | 'failed'; readonly message: QueuedMessage }
    | { readonly state: 'sent'; readonly message: QueuedMessage; readonly sent: SentMessage }
    | { readonly state: 'discarded'; readonly message: QueuedMessage };
  /** Of this device: something that runs by itself failed; nothing was lost. */
  readonly error: Error;
}

export type EventType = keyof EventData;

/** One event; `id` where it came from the stream. */
export type SealgateEvent = {
  [T in EventType]: { readonly type: T; readonly data: EventData[T]; readonly id: string | null };
}[EventType];

/** How to follow the stream. */
export interface ConnectOptions {
  /** Go on after this event. */
  readonly lastEventId?: string;
  /** Remember the place on this device, and go on there after a restart: for bots, one per storage. */
  readonly resume?: boolean;
}

/** What happens, as it happens: listeners, or `for await`, which connects by itself and sees every event once. */
export interface EventsApi extends AsyncIterable<SealgateEvent> {
  /** Calls `listener` on each event of the type. @returns what takes it off again */
  on<T extends EventType>(type: T, listener: (data: EventData[T], id: string | null) => void): () => void;
  /** `for await` with options. */
  iterate(options: ConnectOptions): AsyncIterable<SealgateEvent>;
  /** Opens the stream, and keeps it open until `close()` or the session's end. */
  connect(options?: ConnectOptions): void;
  close(): void;
}
