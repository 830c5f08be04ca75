import { performance } from 'node:perf_hooks';
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../common/time/clock.js';
import { NotificationBus } from '../../database/notification-bus.js';
import { isReadable, type RotatingPurpose } from './core/key-life.js';
import type { RingKey } from './ring-key.js';
import { SERVER_KEYS_CHANGED, ServerKeyStore, type Revocation, type Rotation } from './server-key-store.js';
import type { KeyPurpose, KeyState } from './server-key.entity.js';

export type { RingKey } from './ring-key.js';

/** As fresh as the bus: what was read longer ago is read again while no notices arrive. */
const FRESH_MS = 800;
const RETRY_MS = 300;
const ORDER: Record<KeyState, number> = { active: 0, next: 1, retired: 2, revoked: 3 };

/**
 * The server's keys, the same on every replica: the rows of {@link ServerKeyStore} in memory, read at start, whenever a
 * notice says that they changed, and after the line over which notices come was lost.
 */
@Injectable()
export class KeyRing implements OnModuleInit, OnModuleDestroy {
  private keys: ReadonlyMap<string, RingKey> = new Map();
  /** When the read began that `keys` came from, and when the last notice arrived; on the monotonic clock. */
  private readAt = -Infinity;
  private changedAt = -Infinity;
  private reading: Promise<void> | null = null;
  private retry: NodeJS.Timeout | null = null;
  private isClosed = false;

  constructor(
    private readonly store: ServerKeyStore,
    private readonly bus: NotificationBus,
    private readonly clock: Clock,
  ) {}

  async onModuleInit(): Promise<void> {
    this.bus.on(SERVER_KEYS_CHANGED, () => this.hear());
    this.bus.onReconnect(() => this.read());
    await this.store.fill();
    await this.read();
  }

  onModuleDestroy(): void {
    this.isClosed = true;
    if (this.retry !== null) clearTimeout(this.retry);
  }

  /** The key that signs or opens now. */
  active(purpose: KeyPurpose): RingKey {
    for (const key of this.keys.values()) if (key.purpose === purpose && key.state === 'active') return key;
    throw new Error(`no active key for ${purpose}`);
  }

  /**
   * A key that may still verify or open; revoked, long retired and unknown ones are undefined. Ask {@link catchUp}
   * before, where a revocation has to count.
   */
  find(purpose: KeyPurpose, kid: string): RingKey | undefined {
    const key = this.keys.get(kid);
    return key?.purpose === purpose && isReadable(key, this.clock.now()) ? key : undefined;
  }

  /** What verifiers should know: the active key first, then the next one, then those lately retired. */
  published(purpose: KeyPurpose): readonly RingKey[] {
    const now = this.clock.now();
    return [...this.keys.values()]
      .filter((key) => key.purpose === purpose && isReadable(key, now))
      .toSorted((a, b) => ORDER[a.state] - ORDER[b.state] || time(b.retiredAt) - time(a.retiredAt));
  }

  /**
   * Retires the active key and lets the next one take over; of all replicas that want it at once, one does.
   * @returns null where another was faster. @throws NextKeyTooYoung
   */
  async rotate(purpose: RotatingPurpose): Promise<Rotation | null> {
    const rotation = await this.store.rotate(purpose, this.active(purpose).kid);
    await this.read();
    return rotation;
  }

  /** Takes a key out of use at once, on every replica. @throws KeyRingRefusal */
  async revoke(kid: string): Promise<Revocation> {
    const revocation = await this.store.revoke(kid);
    await this.read();
    return revocation;
  }

  /**
   * Resolves once this replica knows of every change that was committed until less than a second ago: at once while
   * notices arrive, else after reading the rows. @throws where the database cannot be reached: nobody is believed then.
   */
  async catchUp(): Promise<void> {
    const asked = performance.now();
    while (!this.isCurrent() && this.readAt < asked) await this.readOnce();
  }

  /** Whether {@link catchUp} has nothing to wait for. */
  isCurrent(): boolean {
    if (this.readAt < this.changedAt) return false;
    return this.bus.isFresh() || performance.now() - this.readAt < FRESH_MS;
  }

  /** From here on {@link catchUp} waits for the rows. */
  private hear(): void {
    this.changedAt = performance.now();
    this.readSoon();
  }

  private readSoon(): void {
    this.catchUp().catch(() => this.retryLater());
  }

  /** Nobody need ask: what signs has to change as well. */
  private retryLater(): void {
    if (this.isClosed) return;
    if (this.retry !== null) clearTimeout(this.retry);
    this.retry = setTimeout(() => this.readSoon(), RETRY_MS);
    this.retry.unref();
  }

  /** Many requests that ask at once share one read. */
  private readOnce(): Promise<void> {
    return (this.reading ??= this.read().finally(() => (this.reading = null)));
  }

  /** Of reads that overlap, the one that began last counts. */
  private async read(): Promise<void> {
    const began = performance.now();
    const keys = await this.store.read();
    if (began < this.readAt) return;
    this.keys = new Map(keys.map((key) => [key.kid, key]));
    this.readAt = began;
  }
}

function time(date: Date | null): number {
  return date?.getTime() ?? 0;
}
