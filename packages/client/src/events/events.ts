import type { Account } from '../account-scope.js';
import type { Emitter } from '../emitter.js';
import { SealgateError } from '../errors.js';
import type { Http } from '../http/http.js';
import type { Contacts } from '../keys/contacts.js';
import type { Chats } from '../messages/chats.js';
import type { Chat, MessageRow } from '../messages/message-types.js';
import type { Opener } from '../messages/opener.js';
import { type EventSourceHandler, type EventSourceOptions, ReconnectingEventSource } from './event-source.js';
import type { ConnectOptions, EventData, EventsApi, EventType, SealgateEvent } from './event-types.js';
import { PollingSource } from './polling-source.js';
import type { RawEvent } from './sse-parser.js';

const PLACE = 'last-event-id';
const INBOX = 'inbox-cursor';

const OF_THIS_DEVICE: ReadonlySet<EventType> = new Set([
  'connection',
  'alarm',
  'signed-out',
  'outbox',
  'error',
]);

/** The live stream, and what happens on this device, as the app sees them. */
export class Events implements EventsApi {
  private controller: AbortController | null = null;
  /** By chat: the newest place told of in this stream. What comes next must stand right behind it. */
  private readonly told = new Map<string, number>();

  constructor(
    private readonly http: Http,
    private readonly account: Account,
    private readonly emitter: Emitter,
    private readonly parts: {
      readonly chats: Chats;
      readonly contacts: Contacts;
      readonly opener: Opener;
      readonly onConnected: () => void;
      readonly onSessionEnded: () => Promise<void>;
    },
    private readonly options: EventSourceOptions,
  ) {}

  on<T extends EventType>(type: T, listener: (data: EventData[T], id: string | null) => void): () => void {
    return this.emitter.on(type, listener);
  }

  connect(options: ConnectOptions = {}): void {
    if (this.controller !== null) return;
    const controller = new AbortController();
    this.controller = controller;
    void this.follow(controller.signal, options, async (event) => {
      this.emitter.pass(event);
    }).finally(() => {
      if (this.controller === controller) this.controller = null;
    });
  }

  close(): void {
    this.controller?.abort();
    this.controller = null;
  }

  /** Every event once, in order; the next one is taken from the stream when the loop asks for it. */
  async *[Symbol.asyncIterator](): AsyncGenerator<SealgateEvent, void, undefined> {
    yield* this.iterate({});
  }

  /** The same with options: `resume` remembers an event as done when the loop asks for the next one. */
  async *iterate(options: ConnectOptions): AsyncGenerator<SealgateEvent, void, undefined> {
    const queue = new Handover();
    const controller = new AbortController();
    const stopWatching = this.emitter.watch((event) => {
      // Those of the stream come through `deliver`.
      if (OF_THIS_DEVICE.has(event.type)) queue.add(event);
    });
    const following = this.follow(controller.signal, options, (event) => queue.deliver(event)).finally(() => {
      queue.end();
    });
    try {
      yield* queue.events();
    } finally {
      controller.abort();
      stopWatching();
      queue.abandon();
      await following;
    }
  }

  private async follow(
    signal: AbortSignal,
    { lastEventId, resume = false }: ConnectOptions,
    deliver: (event: SealgateEvent) => Promise<void>,
  ): Promise<void> {
    const storage = await this.account.storage();
    const kept = resume ? ((await storage.get(PLACE)) as string | undefined) : undefined;
    const handler: EventSourceHandler = {
      event: async (raw) => {
        const event = await this.understand(raw);
        if (event === null) return;
        await deliver(event);
        if (resume && raw.id !== null) await storage.write([[PLACE, raw.id]]);
      },
      connected: () => {
        this.emitter.emit('connection', { state: 'connected' });
        this.parts.onConnected();
      },
      waiting: (retryInMs) => this.emitter.emit('connection', { state: 'waiting', retryInMs }),
    };
    const source = await this.source(lastEventId ?? kept ?? null, handler);
    try {
      await source.follow(signal);
      await this.parts.onSessionEnded();
    } catch (error) {
      if (!signal.aborted) this.emitter.report(error);
      if (error instanceof SealgateError && error.code === 'unauthenticated')
        await this.parts.onSessionEnded();
    } finally {
      this.told.clear();
      this.emitter.emit('connection', { state: 'closed' });
    }
  }

  private async source(lastEventId: string | null, handler: EventSourceHandler) {
    const { pollMs } = this.options;
    if (pollMs === null) return new ReconnectingEventSource(this.http, this.options, lastEventId, handler);
    const storage = await this.account.storage();
    const place = {
      read: async () => (await storage.get(INBOX)) as string | undefined,
      write: (cursor: string) => storage.write([[INBOX, cursor]]),
    };
    return new PollingSource(this.http, await this.account.id(), place, handler, pollMs);
  }

  /** What an event means, with what it changes here already done. Unknown types are left to newer clients. */
  private async understand({ event: type, data, id }: RawEvent): Promise<SealgateEvent | null> {
    const parsed: unknown = JSON.parse(data);
    switch (type) {
      case 'message':
        return { type, id, data: await this.openRow(parsed as MessageRow, id !== null) };
      case 'chat': {
        const chat = parsed as EventData['chat'];
        if ('left' in chat) this.told.delete(chat.id);
        if ('left' in chat) this.parts.chats.forget(chat.id);
        else this.parts.chats.remember(chat satisfies Chat);
        return { type, id, data: chat };
      }
      case 'keys': {
        const keys = parsed as EventData['keys'];
        this.parts.contacts.expire(keys.userId);
        this.parts.chats.forget();
        return { type, id, data: keys };
      }
      case 'ready':
      case 'reset':
        this.told.clear();
        return { type, id, data: {} };
      case 'read':
      case 'session':
        return { type, id, data: parsed } as SealgateEvent;
      default:
        return null;
    }
  }

  /** @param inOrder the stream tells of every message of a chat; a poll leaves out the own ones. */
  private async openRow(row: MessageRow, inOrder: boolean) {
    const before = inOrder ? this.told.get(row.chatId) : undefined;
    const [item] = await this.parts.opener.open([row], () => before ?? null);
    if (item === undefined) throw new TypeError('there is an item for every row');
    this.told.set(row.chatId, Math.max(before ?? 0, row.seq));
    return item;
  }
}

/** Hands events from the stream to a loop, one at a time, with those of the device in between. */
class Handover {
  private readonly waiting: { readonly event: SealgateEvent; readonly taken: () => void }[] = [];
  /** Ends the wait of events that the loop will not be done with any more. */
  private readonly undone = new Set<(reason: Error) => void>();
  private isOver = false;
  private wake: () => void = () => undefined;

  add(event: SealgateEvent): void {
    this.waiting.push({ event, taken: () => undefined });
    this.wake();
  }

  /**
   * Resolves when the loop is done with the event.
   *
   * @throws Error where the loop was left before
   */
  deliver(event: SealgateEvent): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.isOver) return reject(new Error('the loop was left'));
      this.undone.add(reject);
      const taken = () => {
        this.undone.delete(reject);
        resolve();
      };
      this.waiting.push({ event, taken });
      this.wake();
    });
  }

  end(): void {
    this.isOver = true;
    this.wake();
  }

  /** The loop was left: whoever waits for it waits in vain. */
  abandon(): void {
    this.end();
    for (const reject of this.undone) reject(new Error('the loop was left'));
  }

  async *events(): AsyncGenerator<SealgateEvent, void, undefined> {
    for (;;) {
      const next = this.waiting.shift();
      if (next !== undefined) {
        yield next.event;
        next.taken();
      } else if (this.isOver) {
        return;
      } else {
        await new Promise<void>((resolve) => (this.wake = resolve));
      }
    }
  }
}
