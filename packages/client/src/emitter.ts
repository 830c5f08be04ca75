import type { EventData, EventType, SealgateEvent } from './events/event-types.js';

type Listener<T extends EventType> = (data: EventData[T], id: string | null) => void;

/** Hands events to their listeners. A listener that throws is reported as an `error` event and harms no other. */
export class Emitter {
  private readonly listeners = new Map<EventType, Set<Listener<never>>>();
  private readonly watchers = new Set<(event: SealgateEvent) => void>();

  on<T extends EventType>(type: T, listener: Listener<T>): () => void {
    const ofType = this.listeners.get(type) ?? new Set<Listener<never>>();
    this.listeners.set(type, ofType.add(listener));
    return () => void ofType.delete(listener);
  }

  /** Sees every event. */
  watch(watcher: (event: SealgateEvent) => void): () => void {
    this.watchers.add(watcher);
    return () => void this.watchers.delete(watcher);
  }

  emit<T extends EventType>(type: T, data: EventData[T]): void {
    this.pass({ type, data, id: null } as SealgateEvent);
  }

  /** Hands on an event as it is. */
  pass(event: SealgateEvent): void {
    for (const watcher of this.watchers) watcher(event);
    for (const listener of this.listeners.get(event.type) ?? []) {
      try {
        (listener as (data: SealgateEvent['data'], id: string | null) => void)(event.data, event.id);
      } catch (error) {
        if (event.type !== 'error') this.report(error);
      }
    }
  }

  /** Something that runs by itself failed. */
  report(error: unknown): void {
    this.emit('error', error instanceof Error ? error : new Error('a listener failed', { cause: error }));
  }
}
