import type { ChatItem, HistoryPage, MissingItem } from '@sealgate/client';
import { batch, signal } from '@preact/signals';

export type Line = ChatItem | MissingItem;

/** One page of a chat's history, the newest one unless it is to end before a place. */
export type ReadPage = (options: { limit: number; before?: number }) => Promise<HistoryPage>;

const PAGE = 40;

/** One chat's messages as far as they were read, the oldest first. */
export class Conversation {
  readonly lines = signal<readonly Line[]>([]);
  /** What is before this is not here yet; null at the beginning, undefined before the first page. */
  readonly before = signal<number | null | undefined>(undefined);
  readonly isLoading = signal(false);
  readonly error = signal<unknown>(null);
  /** The newest page was wished for while another one was on its way. */
  private isWanted = false;

  constructor(private readonly read: ReadPage) {}

  /** Reads the newest page; what is older and joins it stays, and so does what arrived meanwhile. */
  async refresh(): Promise<void> {
    if (this.isLoading.peek()) return void (this.isWanted = true);
    await this.load(async () => {
      const page = await this.read({ limit: PAGE });
      const known = this.lines.peek();
      const [first, last] = [firstSeq(page.items), newestSeq(page.items)];
      const isJoined = known.some((line) => endOf(line) >= first - 1 && seqOf(line) <= last);
      const joins = this.before.peek() !== undefined && (page.items.length === 0 || isJoined);
      if (!joins) this.before.value = page.before;
      this.merge(page.items, joins ? known : known.filter((line) => seqOf(line) > last));
    });
  }

  /** Reads the page before the oldest message. */
  async older(): Promise<void> {
    const before = this.before.peek();
    if (before === null || before === undefined) return;
    await this.load(async () => {
      const page = await this.read({ before, limit: PAGE });
      this.before.value = page.before;
      this.merge(page.items);
    });
  }

  /** A message that has just arrived, or changed; the page that is on its way may have been read before it was there. */
  take(item: ChatItem): void {
    if (this.before.peek() !== undefined || this.isLoading.peek()) this.merge([item]);
  }

  private async load(work: () => Promise<void>): Promise<void> {
    if (this.isLoading.peek()) return;
    batch(() => {
      this.isLoading.value = true;
      this.error.value = null;
    });
    try {
      await work();
    } catch (error) {
      this.error.value = error;
    } finally {
      this.isLoading.value = false;
    }
    if (!this.isWanted) return;
    this.isWanted = false;
    await this.refresh();
  }

  /** Newer knowledge of a message replaces the older; a gap goes when something stands in it. */
  private merge(items: readonly Line[], known = this.lines.peek()): void {
    const bySeq = new Map<number, ChatItem>();
    const gaps: MissingItem[] = [];
    for (const line of [...known, ...items]) {
      if (line.kind === 'missing') gaps.push(line);
      else bySeq.set(line.seq, line);
    }
    const isOpen = ({ fromSeq, toSeq }: MissingItem): boolean => {
      for (let seq = fromSeq; seq <= toSeq; seq += 1) if (bySeq.has(seq)) return false;
      return true;
    };
    const unique = new Map(gaps.filter(isOpen).map((gap) => [gap.fromSeq, gap]));
    this.lines.value = [...bySeq.values(), ...unique.values()].sort((a, b) => seqOf(a) - seqOf(b));
  }
}

export function seqOf(line: Line): number {
  return line.kind === 'missing' ? line.fromSeq : line.seq;
}

function firstSeq(lines: readonly Line[]): number {
  const [first] = lines;
  return first === undefined ? 0 : seqOf(first);
}

function newestSeq(lines: readonly Line[]): number {
  const last = lines.at(-1);
  return last === undefined ? 0 : endOf(last);
}

function endOf(line: Line): number {
  return line.kind === 'missing' ? line.toSeq : line.seq;
}
