import { Injectable } from '@nestjs/common';
import type { EventStream } from './event-stream.js';

/** The streams that are open in this process, by user. */
@Injectable()
export class StreamRegistry {
  private readonly streams = new Map<string, Set<EventStream>>();

  add(stream: EventStream): void {
    const own = this.streams.get(stream.userId) ?? new Set();
    this.streams.set(stream.userId, own.add(stream));
  }

  remove(stream: EventStream): void {
    const own = this.streams.get(stream.userId);
    own?.delete(stream);
    if (own?.size === 0) this.streams.delete(stream.userId);
  }

  has(userId: string): boolean {
    return this.streams.has(userId);
  }

  count(userId: string): number {
    return this.streams.get(userId)?.size ?? 0;
  }

  userIds(): string[] {
    return [...this.streams.keys()];
  }

  *all(): Iterable<EventStream> {
    for (const own of this.streams.values()) yield* own;
  }

  /** Where the user's streams that can be written to stand; mostly one place. */
  positions(userId: string): Set<number> {
    return new Set(this.ready(userId).map(({ position }) => position));
  }

  /** The user's streams that stand here and can be written to. */
  at(userId: string, position: number): EventStream[] {
    return this.ready(userId).filter((stream) => stream.position === position);
  }

  isBehind(userId: string, head: number): boolean {
    return this.ready(userId).some(({ position }) => position < head);
  }

  private ready(userId: string): EventStream[] {
    return [...(this.streams.get(userId) ?? [])].filter(({ isReady }) => isReady);
  }
}
