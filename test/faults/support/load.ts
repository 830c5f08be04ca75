import { expect } from 'vitest';
import type { TestApp } from '../../support/test-app.js';
import { Conversation } from './conversation.js';
import { Leavers, stayIn } from './devices.js';
import { Tally } from './tally.js';
import { within } from './within.js';

/** "All is well again within 5 s." */
const RECOVERY_MS = 5_000;
const CONVERSATIONS = 4;
const WRITERS_EACH = 6;

/** A few dozen writers, people who stay signed in, and people who sign out, all through one address. */
export class Load {
  readonly tally = new Tally();
  private readonly conversations: Conversation[] = [];
  private readonly running: Promise<void>[] = [];
  private leavers: Leavers | null = null;
  private isOver = false;

  /** @returns once every writer's first message is stored. */
  static async start(server: Pick<TestApp, 'browser'>): Promise<Load> {
    const load = new Load();
    for (let i = 0; i < CONVERSATIONS; i++)
      load.conversations.push(await Conversation.start(server, load.tally));
    const isOver = () => load.isOver;
    for (const conversation of load.conversations) {
      for (let i = 0; i < WRITERS_EACH; i++) load.running.push(conversation.write(i, isOver));
      load.running.push(stayIn(server, conversation.people[0]!, load.tally, isOver));
    }
    load.leavers = new Leavers(server, load.conversations[0]!.people[1]!, load.tally);
    load.running.push(load.leavers.comeAndGo(isOver), load.leavers.tryAgain(isOver));
    await load.recovers(20_000);
    expect(load.tally).toMatchObject({ refused: 0, broken: 0, violations: [] });
    return load;
  }

  /** Waits until every writer has had a message stored that it began after now. @returns milliseconds. */
  async recovers(milliseconds = RECOVERY_MS): Promise<number> {
    const since = performance.now();
    const writers = this.conversations.flatMap((conversation) => conversation.writers);
    return within(milliseconds, 'every writer writes again', () =>
      writers.every(({ ackBegan }) => ackBegan > since),
    );
  }

  /** Waits until there has been no refusal for a second, which has to begin within 5 s from now. */
  async settles(): Promise<void> {
    const since = performance.now();
    await this.recovers();
    await within(
      RECOVERY_MS + 1_000,
      'nobody is refused',
      () => performance.now() - this.tally.lastTroubleAt > 1_000,
    );
    expect(this.tally.lastTroubleAt - since).toBeLessThan(RECOVERY_MS);
  }

  /** Ends the load and looks for what was lost or doubled. */
  async finish(): Promise<{ refused: number; broken: number; messages: number; signedOut: number }> {
    this.isOver = true;
    await Promise.all(this.running);
    const faults = await Promise.all(this.conversations.map((conversation) => conversation.faults()));
    await Promise.all(this.conversations.map(({ follower }) => follower.stop()));
    expect([...this.tally.violations, ...faults.flat()]).toEqual([]);
    const { refused, broken } = this.tally;
    const messages = this.conversations.reduce((sum, { acknowledged }) => sum + acknowledged.size, 0);
    const result = { refused, broken, messages, signedOut: this.leavers?.count ?? 0 };
    expect(messages).toBeGreaterThan(CONVERSATIONS * WRITERS_EACH);
    expect(result.signedOut).toBeGreaterThan(0);
    return result;
  }
}
