import { performance } from 'node:perf_hooks';
import pg from 'pg';
import type { Logger } from '../common/logging.js';
import { proveDelivery } from './prove-delivery.js';
import { prepared, rows, type Queryable } from './rows.js';

/** One notice from a committed transaction to every replica. Small: PostgreSQL carries 8 000 bytes at most. */
export interface BusEvent {
  type: string;
  [member: string]: unknown;
}

type Handler = (event: BusEvent) => void;
type Rebuild = () => Promise<void>;

const CHANNEL = 'sealgate';
const NOTIFY = prepared('notify', 'SELECT pg_notify($1, $2)');
const HEARTBEAT_MS = 250;
/** Older than this, the connection may be dead without telling: views that depend on it are not trusted. */
const FRESH_MS = 800;
const RECONNECT_MS = 200;
const FIRST_CONNECT_MS = 5_000;
/** Short: an attempt that began while nobody answered must not keep us from who answers now. */
const CONNECT_AGAIN_MS = 1_000;

/**
 * LISTEN/NOTIFY over one connection of its own. Notices of a lost connection are lost; so after each connect
 * every registered view is rebuilt before {@link isFresh} says yes again, and a heartbeat notices half-open ones.
 */
export class NotificationBus {
  private readonly handlers = new Map<string, Set<Handler>>();
  private readonly rebuilds = new Set<Rebuild>();
  private client: pg.Client | null = null;
  private timer: NodeJS.Timeout | null = null;
  /** Start of the last round trip that was answered, on the monotonic clock; wall-clock jumps change nothing. */
  private lastBeat = -Infinity;
  private lostAt: number | null = null;
  private begunAt = -Infinity;
  private isClosed = false;

  constructor(
    private readonly url: string,
    private readonly logger: Logger,
  ) {}

  /** Publishes with the transaction: delivered after its commit, to this process too, and not at all if it fails. */
  async publish(tx: Queryable, event: BusEvent): Promise<void> {
    await rows(tx, NOTIFY, [CHANNEL, JSON.stringify(event)]);
  }

  /** Runs `handler` for each event of a type; it must not throw and not wait. */
  on(type: string, handler: Handler): void {
    const handlers = this.handlers.get(type) ?? new Set();
    this.handlers.set(type, handlers.add(handler));
  }

  /** Registers what must be read anew after each (re)connect, before the bus counts as fresh. */
  onReconnect(rebuild: Rebuild): void {
    this.rebuilds.add(rebuild);
  }

  /** True where every notice committed until less than a second ago has arrived. */
  isFresh(): boolean {
    return performance.now() - this.lastBeat < FRESH_MS;
  }

  /** Since the start of the last round trip that was answered; infinite while the connection is lost. */
  ageSeconds(): number {
    return (performance.now() - this.lastBeat) / 1000;
  }

  /** On the monotonic clock; null while the connection stands, or has never been lost. */
  lostSince(): number | null {
    return this.lostAt;
  }

  /** When the last attempt to connect began, on the monotonic clock. */
  attemptBegan(): number {
    return this.begunAt;
  }

  /** @throws where the first connection fails: a server that cannot hear revocations must not start. */
  async start(): Promise<void> {
    await this.connect(FIRST_CONNECT_MS);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    if (this.timer !== null) clearTimeout(this.timer);
    this.lastBeat = -Infinity;
    await this.client?.end().catch(() => undefined);
  }

  private async connect(timeoutMs: number): Promise<void> {
    const config = {
      connectionString: this.url,
      application_name: 'sealgate-bus',
      connectionTimeoutMillis: timeoutMs,
      keepAlive: true,
    };
    const client = new pg.Client(config);
    client.on('error', (error) => this.lose(client, error));
    client.on('end', () => this.lose(client, null));
    client.on('notification', ({ channel, payload }) => channel === CHANNEL && this.dispatch(payload ?? ''));
    try {
      this.client = client;
      this.begunAt = performance.now();
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
      await proveDelivery(client, config);
      const began = performance.now();
      await Promise.all([...this.rebuilds].map((rebuild) => rebuild()));
      if (this.client !== client) return;
      this.lastBeat = began;
      this.lostAt = null;
      this.scheduleBeat(client);
    } catch (error) {
      this.client = null;
      client.end().catch(() => undefined);
      throw error;
    }
  }

  private scheduleBeat(client: pg.Client): void {
    if (this.isClosed) return;
    this.timer = setTimeout(() => void this.beat(client), HEARTBEAT_MS);
    this.timer.unref();
  }

  private async beat(client: pg.Client): Promise<void> {
    const began = performance.now();
    const deadline = setTimeout(() => this.lose(client, new Error('heartbeat not answered')), FRESH_MS);
    try {
      await client.query('SELECT 1');
      if (this.client !== client) return;
      this.lastBeat = began;
      this.scheduleBeat(client);
    } catch (error) {
      this.lose(client, error);
    } finally {
      clearTimeout(deadline);
    }
  }

  private lose(client: pg.Client, error: unknown): void {
    if (this.client !== client || this.isClosed) return;
    this.client = null;
    // The last answer, not the moment of noticing: a connection that was asked since then may hang as well.
    this.lostAt ??= Number.isFinite(this.lastBeat) ? this.lastBeat : performance.now();
    this.lastBeat = -Infinity;
    // The socket may hang: `end()` alone would wait for the peer's answer.
    (client as unknown as { connection?: { stream?: { destroy(): void } } }).connection?.stream?.destroy();
    this.logger.warn({ err: error }, 'notification connection lost');
    this.reconnectLater();
  }

  private reconnectLater(): void {
    this.timer = setTimeout(() => {
      if (this.isClosed) return;
      this.connect(CONNECT_AGAIN_MS).then(
        () => this.logger.info('notification connection restored'),
        () => this.reconnectLater(),
      );
    }, RECONNECT_MS);
    this.timer.unref();
  }

  private dispatch(payload: string): void {
    let event: BusEvent;
    try {
      event = JSON.parse(payload) as BusEvent;
    } catch (error) {
      return this.logger.error({ err: error }, 'unreadable notification');
    }
    for (const handler of this.handlers.get(event.type) ?? []) handler(event);
  }
}
