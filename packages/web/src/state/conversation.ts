import type { ChatItem, MissingItem } from '@sealgate/client';
import { batch, signal } from '@preact/signals';
import { sealgate } from './sealgate.js';

export type Line = ChatItem | MissingItem;

const PAGE = 40;

/** One chat's messages as far as they were read, the oldest first. */
export class Conversation {
  readonly lines = signal<readonly Line[]>([]);
  /** What is before this is not here yet; null at the beginning, undefined before the first page. */
  readonly before = signal<number | null | undefined>(undefined);
  readonly isLoading = signal(false);
  readonly error = signal<unknown>(null);

  constructor(readonly chatId: string) {}

  /** Reads the newest page; what is older and joins it stays. */
  async refresh(): Promise<void> {
    await this.load(async () => {
      const page = await sealgate.messages.history(this.chatId, { limit: PAGE });
      const newest = newestSeq(this.lines.peek());
      const first = firstSeq(page.items) ?? 0;
      const joins = this.before.peek() !== undefined && newest >= first - 1;
      if (!joins) this.before.value = page.before;
      this.merge(page.items, joins ? this.lines.peek() : []);
    });
  }

  /** Reads the page before the oldest message. */
  async older(): Promise<void> {
    const before = this.before.peek();
    if (before === null || before === undefined) return;
    await this.load(async () => {
      const page = await sealgate.messages.history(this.chatId, { before, limit: PAGE });
      this.before.value = page.before;
      this.merge(page.items);
    });
  }

  /** A message that has just arrived, or changed. */
  take(item: ChatItem): void {
    if (this.before.peek() !== undefined) this.merge([item]);
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

function firstSeq(lines: readonly Line[]): number | null {
  const [first] = lines;
  return first === undefined ? null : seqOf(first);
}

function newestSeq(lines: readonly Line[]): number {
  const last = lines.at(-1);
  return last === undefined ? 0 : last.kind === 'missing' ? last.toSeq : last.seq;
}
