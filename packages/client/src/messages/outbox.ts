import type { Envelope } from '@sealgate/protocol';
import type { Account } from '../account-scope.js';
import type { Emitter } from '../emitter.js';
import { hasCode, SealgateError } from '../errors.js';
import { backoffMs } from '../http/backoff.js';
import { LocalBox, type LocallySealed } from '../storage/local-box.js';
import type { OutboxApi, QueuedMessage } from './message-types.js';
import { newMessageId } from './new-message-id.js';
import type { Sender } from './sender.js';

/** A queued message as it is stored: its text encrypted, and once sealed the envelope, for the same bytes again. */
interface StoredMessage {
  readonly id: string;
  readonly chatId: string;
  readonly text: LocallySealed;
  readonly queuedAt: string;
  readonly envelope?: Envelope | undefined;
  readonly failed?: string | undefined;
}

const PREFIX = 'outbox/';
const BASE_DELAY_MS = 2_000;
const MAX_DELAY_MS = 60_000;

/** Messages that wait on this device until they can be sent. */
export class Outbox implements OutboxApi {
  private failures = 0;
  private lastIdMs = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly account: Account,
    private readonly sender: Sender,
    private readonly emitter: Emitter,
  ) {}

  async add(chatId: string, text: string): Promise<QueuedMessage> {
    const id = this.nextId();
    const storage = await this.account.storage();
    const queuedAt = new Date().toISOString();
    const stored: StoredMessage = { id, chatId, text: await new LocalBox(storage).seal(text), queuedAt };
    // Ids are in the order of their times, and so are the keys.
    await storage.write([[PREFIX + id, stored]]);
    const message: QueuedMessage = { id, chatId, text, queuedAt, state: 'waiting', code: null };
    this.emitter.emit('outbox', { state: 'queued', message });
    this.flushSoon(0);
    return message;
  }

  /** Several in one millisecond keep their order, as their ids are what they are sorted by. */
  private nextId(): string {
    this.lastIdMs = Math.max(Date.now(), this.lastIdMs + 1);
    return newMessageId(this.lastIdMs);
  }

  async list(chatId?: string): Promise<readonly QueuedMessage[]> {
    const all = await this.stored();
    const asked = chatId === undefined ? all : all.filter((one) => one.chatId === chatId);
    return Promise.all(asked.map((one) => this.open(one)));
  }

  async flush(): Promise<void> {
    clearTimeout(this.timer);
    const storage = await this.account.storage();
    // One tab sends at a time, so that the order holds; the same id makes a doubled attempt harmless.
    const isDone = await storage.lock('outbox', async () => {
      const blocked = new Set<string>();
      for (const stored of await this.stored()) {
        if (stored.failed !== undefined) blocked.add(stored.chatId);
        if (blocked.has(stored.chatId)) continue;
        const outcome = await this.sendOne(stored);
        if (outcome === 'later') return false;
        if (outcome === 'failed') blocked.add(stored.chatId);
      }
      return true;
    });
    this.failures = isDone ? 0 : this.failures + 1;
    if (!isDone) this.flushSoon(backoffMs(this.failures, BASE_DELAY_MS, MAX_DELAY_MS));
  }

  async retry(id: string): Promise<void> {
    const stored = await this.find(id);
    if (stored === undefined) return;
    // What was sealed before may be what failed: it is sealed anew.
    await this.write({ ...stored, failed: undefined, envelope: undefined });
    await this.flush();
  }

  async discard(id: string): Promise<void> {
    const storage = await this.account.storage();
    await storage.lock('outbox', async () => {
      const stored = await this.find(id);
      if (stored === undefined) return;
      const message = await this.open(stored);
      await storage.write([[PREFIX + id, undefined]]);
      this.emitter.emit('outbox', { state: 'discarded', message });
    });
  }

  /** In the background; failures are events. */
  flushSoon(delayMs: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.flush().catch((error: unknown) => {
        if (!hasCode(error, 'unauthenticated', 'network')) this.emitter.report(error);
      });
    }, delayMs);
    // In Node, waiting for better times keeps no process alive.
    if (delayMs > 0 && typeof this.timer === 'object' && 'unref' in this.timer) this.timer.unref();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private async sendOne(stored: StoredMessage): Promise<'sent' | 'failed' | 'later'> {
    const message = await this.open(stored);
    const { id, chatId, text } = message;
    try {
      const sent = await this.sender.send({ id, chatId, text, sealed: stored.envelope }, (envelope) =>
        this.write({ ...stored, envelope }),
      );
      await (await this.account.storage()).write([[PREFIX + id, undefined]]);
      this.emitter.emit('outbox', { state: 'sent', message, sent });
      return 'sent';
    } catch (error) {
      if (isTemporary(error)) return 'later';
      const code = error instanceof SealgateError ? error.code : 'unknown';
      await this.write({ ...stored, failed: code });
      this.emitter.emit('outbox', { state: 'failed', message: { ...message, state: 'failed', code } });
      return 'failed';
    }
  }

  private async open({ id, chatId, queuedAt, failed, text }: StoredMessage): Promise<QueuedMessage> {
    const opened = await new LocalBox(await this.account.storage()).open(text);
    const state = failed === undefined ? 'waiting' : 'failed';
    return { id, chatId, text: opened, queuedAt, state, code: failed ?? null };
  }

  private async stored(): Promise<readonly StoredMessage[]> {
    const entries = await (await this.account.storage()).entries(PREFIX);
    return [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value as StoredMessage);
  }

  private async find(id: string): Promise<StoredMessage | undefined> {
    return (await (await this.account.storage()).get(PREFIX + id)) as StoredMessage | undefined;
  }

  private async write(stored: StoredMessage): Promise<void> {
    await (await this.account.storage()).write([[PREFIX + stored.id, stored]]);
  }
}

/** Whether the same message may well be taken later. */
function isTemporary(error: unknown): boolean {
  if (!(error instanceof SealgateError)) return false;
  const { code, status } = error;
  return (
    code === 'network' ||
    code === 'timeout' ||
    code === 'unauthenticated' ||
    code === 'recipients_unsettled' ||
    (status !== null && (status >= 500 || status === 429))
  );
}
