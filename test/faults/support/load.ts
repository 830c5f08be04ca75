import { expect } from 'vitest';
import type { Cluster } from './cluster.js';
import { Conversation } from './conversation.js';
import { Leavers, stayIn } from './devices.js';
import { Tally } from './tally.js';
import { within } from './within.js';

/** "All is well again within 5 s." */
const RECOVERY_MS = 5_000;
/** Of a test that would wait for ever otherwise. */
const PATIENCE_MS = 60_000;
/** The short form shares its two cores with nobody's patience: it looks for the same faults with a third of the people. */
const IS_SHORT = process.env['FAULTS'] === 'short';
const CONVERSATIONS = IS_SHORT ? 2 : 4;
const WRITERS_EACH = IS_SHORT ? 4 : 6;

/** A few dozen writers, people who stay signed in, and people who sign out, all through one address. */
export class Load {
  readonly tally = new Tally();
  private readonly conversations: Conversation[] = [];
  private readonly running: Promise<void>[] = [];
  private leavers: Leavers | null = null;
  private isOver = false;
  /** What a round of messages takes without any fault, at worst; busy machines need longer for everything. */
  private roundMs = 0;
  /** Of each fault: milliseconds from its end until every writer had written again, and until the last refusal. */
  private readonly figures: { recovery: number; refusedUntil: number }[] = [];

  private constructor(private readonly server: Cluster) {}

  /** @returns once every writer's first messages are stored. */
  static async start(server: Cluster): Promise<Load> {
    const load = new Load(server);
    for (let i = 0; i < CONVERSATIONS; i++)
      load.conversations.push(await Conversation.start(server, load.tally));
    const isOver = () => load.isOver;
    for (const conversation of load.conversations) {
      for (let i = 0; i < WRITERS_EACH; i++) load.running.push(conversation.write(i, isOver));
      load.running.push(stayIn(server, conversation.people[0]!, load.tally, isOver));
    }
    load.leavers = new Leavers(server, load.conversations[0]!.people[1]!, load.tally);
    load.running.push(load.leavers.comeAndGo(isOver), load.leavers.tryAgain(isOver));
    await load.recovers();
    load.roundMs = await load.recovers();
    expect(load.tally.violations).toEqual([]);
    // What a machine that is busy starting refused belongs to no fault.
    Object.assign(load.tally, { refused: 0, broken: 0 });
    return load;
  }

  /** Waits until every writer has had a message stored that it began after now. @returns milliseconds. */
  async recovers(): Promise<number> {
    const since = performance.now();
    const writers = this.conversations.flatMap((conversation) => conversation.writers);
    return within(PATIENCE_MS, 'every writer writes again', () =>
      writers.every(({ ackBegan }) => ackBegan > since),
    );
  }

  /**
   * To be called when a fault is over: nobody may be refused for longer than 5 s from now, and every writer's next
   * message be stored in that time and what a round of messages took before.
   */
  async settles(): Promise<void> {
    const since = performance.now();
    const recovery = await this.recovers();
    await within(
      PATIENCE_MS,
      'nobody is refused',
      () => performance.now() - this.tally.lastTroubleAt > 1_000,
    );
    const refusedUntil = Math.max(0, this.tally.lastTroubleAt - since);
    this.figures.push({ recovery: Math.round(recovery), refusedUntil: Math.round(refusedUntil) });
    expect(refusedUntil).toBeLessThan(RECOVERY_MS);
    expect(recovery).toBeLessThan(RECOVERY_MS + this.roundMs);
  }

  /** Ends the load and looks for what was lost or doubled. */
  async finish(): Promise<{ refused: number; broken: number; messages: number; signedOut: number }> {
    this.isOver = true;
    await Promise.all(this.running);
    const faults = await Promise.all(this.conversations.map((conversation) => conversation.faults()));
    await Promise.all(this.conversations.map(({ follower }) => follower.stop()));
    expect([...this.tally.violations, ...faults.flat()], this.server.complaints()).toEqual([]);
    const { refused, broken } = this.tally;
    const messages = this.conversations.reduce((sum, { acknowledged }) => sum + acknowledged.size, 0);
    const result = { refused, broken, messages, signedOut: this.leavers?.count ?? 0 };
    expect(messages).toBeGreaterThan(CONVERSATIONS * WRITERS_EACH);
    expect(result.signedOut).toBeGreaterThan(0);
    console.log(JSON.stringify({ ...result, roundMs: Math.round(this.roundMs), faults: this.figures }));
    return result;
  }
}
