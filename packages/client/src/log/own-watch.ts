import {
  appendLeaf,
  type Checkpoint,
  decodeBase64url,
  EMPTY_FRONTIER,
  encodeBase64url,
  type Frontier,
  frontierRoot,
  leafData,
  leafHash,
  type LogEntry,
  parseLogEntry,
  ProtocolError,
} from '@sealgate/protocol';
import type { Http } from '../http/http.js';
import type { SealgateStorage } from '../storage/storage.js';
import type { Alarms } from './alarms.js';
import type { PinnedLog } from './pinned-log.js';

/** How far the watch has come: the tree up to there, and the entries on the own account in it. */
interface WatchRecord {
  readonly size: number;
  readonly hashes: readonly string[];
  readonly own: readonly LogEntry[];
}

const KEY = 'watch';
const PAGE = 1000;
const NONE: WatchRecord = { size: 0, hashes: [], own: [] };

/** The account's own statements by version, as far as this device knows them to be its owner's. */
export type KnownStatements = ReadonlyMap<number, string>;

/** Reads the whole log, once, and finds keys of the own account that somebody else has made. */
export class OwnWatch {
  constructor(
    private readonly http: Http,
    private readonly storage: SealgateStorage,
    private readonly log: PinnedLog,
    private readonly alarms: Alarms,
  ) {}

  async size(): Promise<number> {
    return ((await this.storage.get(KEY)) as WatchRecord | undefined)?.size ?? 0;
  }

  async forget(): Promise<void> {
    await this.storage.write([[KEY, undefined]]);
  }

  /**
   * Hashes the entries since the last time up to the newest head, and compares those on this account.
   *
   * @param known empty where the device has no keys, and so cannot tell
   * @throws SealgateError `key_log_alarm`
   */
  async run(userId: string, known: () => Promise<KnownStatements>): Promise<readonly LogEntry[]> {
    return this.storage.lock(KEY, async () => {
      const head = await this.log.look();
      const before = ((await this.storage.get(KEY)) as WatchRecord | undefined) ?? NONE;
      const record = before.size < head.size ? await this.follow(before, head, userId) : before;
      if (record !== before) await this.storage.write([[KEY, record]]);
      return this.compare(record.own, await known(), userId);
    });
  }

  private async follow(before: WatchRecord, head: Checkpoint, userId: string): Promise<WatchRecord> {
    const own = [...before.own];
    let tree: Frontier = { size: before.size, hashes: before.hashes.map((hash) => decodeBase64url(hash)) };
    if (before.size === 0) tree = EMPTY_FRONTIER;
    while (tree.size < head.size) {
      const start = tree.size;
      const end = Math.min(head.size, start + PAGE);
      const query = { start, end };
      const call = { method: 'GET', path: '/api/log/entries', query, auth: 'none' } as const;
      const { entries } = await this.http.json<{ entries: unknown[] }>(call);
      const parsed = entries.map((entry) => entryOf(entry));
      if (parsed.length !== end - start || parsed.includes(null)) {
        throw await this.mismatch(head, { ...query, entries });
      }
      for (const entry of parsed) {
        if (entry === null) continue;
        tree = (await appendLeaf(tree, await leafHash(leafData(entry)))).frontier;
        if (entry.user === userId) own.push(entry);
      }
    }
    const root = encodeBase64url(await frontierRoot(tree));
    if (root !== encodeBase64url(head.root)) throw await this.mismatch(head, { root, from: before.size });
    return { size: tree.size, hashes: tree.hashes.map((hash) => encodeBase64url(hash)), own };
  }

  private async compare(
    own: readonly LogEntry[],
    known: KnownStatements,
    userId: string,
  ): Promise<readonly LogEntry[]> {
    if (known.size === 0) return [];
    const foreign = own.filter(({ version, statement }) => known.get(version) !== statement);
    for (const entry of foreign) {
      await this.alarms.raise({
        check: 'own-entry',
        message: 'the key log has keys of this account that this device does not know',
        userId,
        blocksSending: false,
        evidence: { entry: { ...entry } },
      });
    }
    await this.withdraw(own.filter((entry) => !foreign.includes(entry)));
    return foreign;
  }

  /** Keys that a restored backup has brought here are no longer foreign. */
  private async withdraw(entries: readonly LogEntry[]): Promise<void> {
    const statements = new Set(entries.map(({ statement }) => statement));
    for (const { id, check, evidence } of await this.alarms.list()) {
      const { entry } = evidence as { entry?: LogEntry };
      if (check === 'own-entry' && entry !== undefined && statements.has(entry.statement))
        await this.alarms.dismiss(id);
    }
  }

  private mismatch(head: Checkpoint, evidence: Record<string, unknown>) {
    return this.alarms.fail({
      check: 'entries',
      message: "the key log's entries do not hash to its head",
      blocksSending: true,
      evidence: { head: { size: head.size, root: encodeBase64url(head.root) }, ...evidence },
    });
  }
}

function entryOf(value: unknown): LogEntry | null {
  try {
    return parseLogEntry(value);
  } catch (error) {
    if (error instanceof ProtocolError) return null;
    throw error;
  }
}
