export interface CircuitBreakerOptions {
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Faults in a row that open it. */
  maxFaults?: number;
  /** How long nothing is tried then. */
  pauseMs?: number;
  /** Told when it opens (true) and closes again. */
  onChange?: (isOpen: boolean) => void;
}

const MAX_FAULTS = 5;
const PAUSE_MS = 30_000;

/**
 * Stops asking a service that keeps failing, so that people hear at once instead of waiting for each time-out, and the
 * service can recover. After a pause one request probes; its success closes the circuit, its fault begins a new pause.
 * Each replica judges by what it saw itself: nothing depends on their agreeing.
 */
export class CircuitBreaker {
  private readonly maxFaults: number;
  private readonly pauseMs: number;
  private faults = 0;
  /** Milliseconds since the epoch; null while closed. */
  private pausedUntil: number | null = null;
  private isProbing = false;

  constructor(private readonly options: CircuitBreakerOptions) {
    this.maxFaults = options.maxFaults ?? MAX_FAULTS;
    this.pauseMs = options.pauseMs ?? PAUSE_MS;
  }

  /** True where {@link run} would refuse now. */
  get isOpen(): boolean {
    return this.pausedUntil !== null && (this.isProbing || this.options.now() < this.pausedUntil);
  }

  /** True from the first refusal to the next success. */
  get isTripped(): boolean {
    return this.pausedUntil !== null;
  }

  /**
   * @param isFault an error that says that the service is down; any other shows that it is up.
   * @param refusal thrown, without any work, while the circuit is open.
   */
  async run<T>(
    work: () => Promise<T>,
    isFault: (error: unknown) => boolean,
    refusal: () => Error,
  ): Promise<T> {
    if (this.isOpen) throw refusal();
    const isProbe = this.isTripped;
    if (isProbe) this.isProbing = true;
    try {
      const value = await work();
      this.close();
      return value;
    } catch (error) {
      if (isFault(error)) this.count(isProbe);
      else this.close();
      throw error;
    } finally {
      if (isProbe) this.isProbing = false;
    }
  }

  private count(isProbe: boolean): void {
    this.faults += 1;
    // What was under way when it opened fails too, and prolongs nothing.
    if (!isProbe && (this.isTripped || this.faults < this.maxFaults)) return;
    const wasTripped = this.isTripped;
    this.pausedUntil = this.options.now() + this.pauseMs;
    if (!wasTripped) this.options.onChange?.(true);
  }

  private close(): void {
    this.faults = 0;
    if (!this.isTripped) return;
    this.pausedUntil = null;
    this.options.onChange?.(false);
  }
}
