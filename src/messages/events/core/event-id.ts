/** What `Last-Event-ID` says: up to where in the user's order a client has heard, and when that was. */
export interface EventId {
  readonly position: number;
  /** Seconds since the epoch. */
  readonly at: number;
}

/** The log is kept longer than this by a day, so that clocks may differ. */
export const EVENT_ID_MAX_AGE_SECONDS = 7 * 24 * 3600;

export function formatEventId({ position, at }: EventId): string {
  return `${position}-${at}`;
}

/** @returns null for what is no id of ours. */
export function parseEventId(text: string): EventId | null {
  const match = /^(0|[1-9]\d{0,14})-(0|[1-9]\d{0,11})$/.exec(text);
  return match === null ? null : { position: Number(match[1]), at: Number(match[2]) };
}

/**
 * Whether nothing between the id and the user's head can be missing: the id is not too old, and the order has come
 * that far at all, which it has not where the database was restored from a backup.
 */
export function isResumable(id: EventId, head: number, nowSeconds: number): boolean {
  return id.position <= head && nowSeconds - id.at <= EVENT_ID_MAX_AGE_SECONDS;
}
