import type { Browser } from '../../support/browser.js';
import { EventReader, type Heard } from '../../messages/support/event-reader.js';
import { pause, RETRY_MS } from './pace.js';
import type { Tally } from './tally.js';
import { within } from './within.js';

/** A device that follows the events, and after each loss of the stream goes on from the last one that it heard. */
export class Follower {
  private readonly before: Heard[] = [];
  private reader: EventReader | null = null;
  private isOver = false;
  private done: Promise<void> = Promise.resolve();

  private constructor(
    private readonly browser: Browser,
    private readonly tally: Tally,
  ) {}

  static async start(browser: Browser, tally: Tally): Promise<Follower> {
    const follower = new Follower(browser, tally);
    follower.done = follower.follow();
    await within(5_000, 'a stream of events', () => follower.heard.length > 0);
    return follower;
  }

  get heard(): readonly Heard[] {
    return [...this.before, ...(this.reader?.heard ?? [])];
  }

  async stop(): Promise<void> {
    this.isOver = true;
    this.reader?.close();
    await this.done;
  }

  /** What is wrong with what was heard of a chat: sentences. @param stored the ids of its messages in order. */
  async faults(chatId: string, stored: readonly string[]): Promise<string[]> {
    const told = () =>
      this.heard
        .filter(({ event, data }) => event === 'message' && data.chatId === chatId)
        .map(({ data }) => data.id);
    await within(5_000, 'all events', () => told().length >= stored.length).catch(() => undefined);
    const faults = this.heard.filter(({ event }) => event === 'reset').map(() => 'the stream was reset');
    if (JSON.stringify(told()) !== JSON.stringify(stored))
      faults.push(`${told().length} events of ${stored.length} messages, or in another order`);
    return faults;
  }

  private async follow(): Promise<void> {
    let lastId: string | undefined;
    while (!this.isOver) {
      const reader = await EventReader.ask(this.browser, lastId).catch(() => null);
      if (reader?.response.status === 200) {
        this.reader = reader;
        await reader.end();
        this.before.push(...reader.heard);
        this.reader = null;
        lastId = reader.lastId || lastId;
      } else {
        if (reader?.response.status === 401) this.tally.violations.push('the events: 401');
        await pause(RETRY_MS);
      }
    }
  }
}
