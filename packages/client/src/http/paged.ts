/** One page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Where the next page begins; null at the end. */
  readonly nextCursor: string | null;
}

/** A list that is read page by page: `for await` over its items, or `page()` by hand. */
export class Paged<T> implements AsyncIterable<T> {
  /** @param load reads the page that begins at this cursor. */
  constructor(private readonly load: (cursor: string | undefined) => Promise<Page<T>>) {}

  /** One page; the first without a cursor. */
  page(cursor?: string): Promise<Page<T>> {
    return this.load(cursor);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    let cursor: string | undefined;
    do {
      const page = await this.load(cursor);
      yield* page.items;
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
  }

  /** All items, at most `limit` of them. */
  async toArray(limit = 1000): Promise<T[]> {
    const all: T[] = [];
    for await (const item of this) {
      all.push(item);
      if (all.length >= limit) break;
    }
    return all;
  }
}
