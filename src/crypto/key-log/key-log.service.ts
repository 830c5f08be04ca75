import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { leafData, type LogEntry } from '@sealgate/protocol';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '../../common/time/clock.js';
import { firstRow, type Queryable } from '../../database/rows.js';
import { OutOfLogRange } from '../crypto.errors.js';
import { appendLeaf } from './core/nodes.js';
import { consistencyPath, inclusionPath } from './core/ranges.js';
import { EMPTY_ROOT, leafHash } from './core/tree-hash.js';
import { readLeaves } from './leaf-store.js';
import { LogSigner, type TreeHead } from './log-signer.service.js';
import { insertNodes, peaksOf, rangeHashes } from './tree-store.js';

/** How many entries one answer holds. */
const MAX_ENTRIES = 1_000;

/** The newest head with its signed note. */
export interface SignedHead extends TreeHead {
  readonly checkpoint: string;
}

/** Where a leaf stands, and the proof that the head's tree holds it there. */
export interface LoggedLeaf {
  readonly index: number;
  readonly head: SignedHead;
  readonly hashes: readonly Buffer[];
}

/** The append-only Merkle tree of all key statements. */
@Injectable()
export class KeyLog implements OnApplicationBootstrap {
  constructor(
    private readonly dataSource: DataSource,
    private readonly signer: LogSigner,
    private readonly clock: Clock,
  ) {}

  /** Makes the empty log's head, and signs the head anew where the log's name has changed with `PUBLIC_URL`. */
  async onApplicationBootstrap(): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      await tx.query(
        `INSERT INTO key_log_head (id, size, root, checkpoint) VALUES (1, 0, $1, $2) ON CONFLICT DO NOTHING`,
        [EMPTY_ROOT, await this.signer.sign({ size: 0, root: EMPTY_ROOT })],
      );
      const head = await this.lockHead(tx);
      const checkpoint = await this.signer.sign(head);
      if (checkpoint !== head.checkpoint)
        await tx.query('UPDATE key_log_head SET checkpoint = $1', [checkpoint]);
    });
  }

  /**
   * Adds a leaf within the transaction of what it tells of. The head's row lock makes all replicas take turns, so that
   * there is one order without gaps: take it late, it is held until the commit.
   */
  async append(tx: EntityManager, leaf: LogEntry): Promise<LoggedLeaf> {
    const { size: index } = await this.lockHead(tx);
    const peaks = await peaksOf(tx, index);
    const { nodes, root } = appendLeaf(index, peaks, leafHash(leafData(leaf)));
    const size = index + 1;
    const checkpoint = await this.signer.sign({ size, root });
    await insertNodes(tx, nodes);
    await tx.query(
      `WITH head AS (UPDATE key_log_head SET size = $1, root = $2, checkpoint = $3)
       INSERT INTO key_log_leaves (index, user_id, version, statement_hash, created_at)
       VALUES ($4, $5, $6, $7, $8)`,
      [size, root, checkpoint, index, leaf.user, leaf.version, hashOf(leaf), this.clock.now()],
    );
    // What lies beside the newest leaf on its way up are the subtrees that were complete before, the smallest first.
    return { index, head: { size, root, checkpoint }, hashes: peaks.toReversed() };
  }

  async head(): Promise<SignedHead> {
    const head = await firstRow<SignedHead>(
      this.dataSource,
      'SELECT size, root, checkpoint FROM key_log_head',
    );
    if (head === null) throw new Error('the key log has no head');
    return head;
  }

  /** The leaves at these places, all proven against the newest head. */
  async prove(indices: readonly number[]): Promise<LoggedLeaf[]> {
    const head = await this.head();
    const paths = indices.map((index) => inclusionPath(index, head.size));
    const hashes = await rangeHashes(this.dataSource, paths.flat());
    return indices.map((index, i) => ({
      index,
      head,
      hashes: hashes.splice(0, paths[i]?.length ?? 0),
    }));
  }

  /** @throws OutOfLogRange */
  async inclusion(index: number, size: number): Promise<Buffer[]> {
    await this.requireSize(size);
    if (index >= size) throw new OutOfLogRange('index must be below size.');
    return rangeHashes(this.dataSource, inclusionPath(index, size));
  }

  /** @throws OutOfLogRange */
  async consistency(from: number, to: number): Promise<Buffer[]> {
    await this.requireSize(to);
    if (from < 1 || from > to) throw new OutOfLogRange('from must be at least 1 and at most to.');
    return rangeHashes(this.dataSource, consistencyPath(from, to));
  }

  /** @throws OutOfLogRange */
  async entries(start: number, end: number): Promise<LogEntry[]> {
    await this.requireSize(end);
    if (start >= end) throw new OutOfLogRange('start must be below end.');
    if (end - start > MAX_ENTRIES)
      throw new OutOfLogRange(`At most ${MAX_ENTRIES} entries are read at once.`);
    return readLeaves(this.dataSource, start, end);
  }

  private async requireSize(size: number): Promise<void> {
    if (size > (await this.head()).size) throw new OutOfLogRange('The key log is not that long.');
  }

  private async lockHead(tx: Queryable): Promise<SignedHead> {
    const head = await firstRow<SignedHead>(tx, 'SELECT size, root, checkpoint FROM key_log_head FOR UPDATE');
    if (head === null) throw new Error('the key log has no head');
    return head;
  }
}

function hashOf({ statement }: LogEntry): Buffer {
  return Buffer.from(statement, 'base64url');
}
