import type { Browser } from '../../support/browser.js';
import { registerKeys, seal, type KeyHolder } from '../../support/keys.js';
import { signUp } from '../../support/people.js';
import type { TestApp } from '../../support/test-app.js';
import { startChat } from '../../messages/support/circle.js';
import { Follower } from './follower.js';
import { pause, RETRY_MS } from './pace.js';
import type { Tally } from './tally.js';

/** Two people with a chat, which both write to at once, and a device that follows it live. */
export class Conversation {
  /** Message id → its number, as the answer said. */
  readonly acknowledged = new Map<string, number>();
  /** When each writer began the last message that was acknowledged. */
  readonly writers: { ackBegan: number }[] = [];

  private constructor(
    readonly chatId: string,
    private readonly members: readonly [KeyHolder, KeyHolder],
    readonly follower: Follower,
    private readonly tally: Tally,
  ) {}

  static async start(server: Pick<TestApp, 'browser'>, tally: Tally): Promise<Conversation> {
    const [first, second] = [
      await registerKeys(await signUp(server)),
      await registerKeys(await signUp(server)),
    ];
    const chatId = await startChat(first, [second]);
    const follower = await Follower.start(second.browser, tally);
    return new Conversation(chatId, [first, second], follower, tally);
  }

  get people(): readonly KeyHolder[] {
    return this.members;
  }

  /** Writes until `isOver`, one message after the other; each is sent again under its id until it is acknowledged. */
  async write(turn: number, isOver: () => boolean): Promise<void> {
    const writer = { ackBegan: -Infinity };
    this.writers.push(writer);
    const from = this.members[turn % 2]!;
    while (!isOver()) {
      const sealed = await seal(from, this.chatId, this.members);
      const began = performance.now();
      const answer = await this.untilStored(from.browser, sealed, isOver);
      if (answer !== null) writer.ackBegan = began;
      await pause();
    }
  }

  private async untilStored(
    browser: Browser,
    sealed: { id: string },
    isOver: () => boolean,
  ): Promise<number | null> {
    for (;;) {
      const send = () => browser.post('/api/messages/send', sealed);
      const answer = await this.tally.ask('a message', send, [200, 201]);
      if (answer !== null) {
        this.acknowledged.set(sealed.id, answer.body.seq);
        return answer.body.seq;
      }
      if (isOver()) return null;
      await pause(RETRY_MS);
    }
  }

  /** What is wrong with the chat now: sentences. */
  async faults(): Promise<string[]> {
    const stored = await this.history();
    const faults: string[] = [];
    for (const [id, seq] of this.acknowledged)
      if (stored[seq - 1] !== id) faults.push(`lost or moved: message ${id}, acknowledged as ${seq}`);
    if (new Set(stored).size < stored.length) faults.push('a message is in the history twice');
    return [...faults, ...(await this.follower.faults(this.chatId, stored))];
  }

  /** Ids in order; the place is the number, as there are no gaps. @throws at a gap. */
  private async history(): Promise<string[]> {
    const ids: string[] = [];
    for (let after = 0; ; after = ids.length) {
      const path = `/api/messages/history/${this.chatId}?after=${after}&limit=100`;
      const { body, status } = await this.members[0].browser.get(path);
      if (status !== 200) throw new Error(`no history: ${status}`);
      for (const { id, seq } of body.items) if (ids.push(id) !== seq) throw new Error(`gap before ${seq}`);
      if (body.items.length === 0) return ids;
    }
  }
}
