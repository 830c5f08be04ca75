import {
  type Checkpoint,
  decodeBase64url,
  encodeBase64url,
  parseProofHashes,
  parseVerifierKey,
  ProtocolError,
  verifyCheckpoint,
  verifyConsistency,
  type VerifierKey,
} from '@sealgate/protocol';
import { SealgateError } from '../errors.js';
import type { Http } from '../http/http.js';
import type { SealgateStorage } from '../storage/storage.js';
import type { Alarms } from './alarms.js';
import type { SeenHead } from './log-types.js';

/** What the device keeps of the log. */
interface LogRecord {
  readonly key?: string | undefined;
  readonly head?: SeenHead | undefined;
}

const KEY = 'log';

/** A tree that something is compared with. */
interface Tree {
  readonly size: number;
  readonly root: Uint8Array;
}

/** The log's key and the newest head that this device has seen, and the checks that lead from one head to the next. */
export class PinnedLog {
  constructor(
    private readonly http: Http,
    private readonly storage: SealgateStorage,
    private readonly pinnedKey: string | undefined,
    private readonly alarms: Alarms,
  ) {}

  async read(): Promise<LogRecord> {
    const record = ((await this.storage.get(KEY)) as LogRecord | undefined) ?? {};
    return this.pinnedKey === undefined ? record : { ...record, key: this.pinnedKey };
  }

  /** Forgets key and head. */
  async forget(): Promise<void> {
    await this.storage.write([[KEY, undefined]]);
  }

  /** The newest head of the server, verified and kept. */
  async look(): Promise<Checkpoint> {
    const { head } = await this.read();
    const text = await this.http.text({ method: 'GET', path: '/api/log/checkpoint', auth: 'none' });
    return this.advance(text, head);
  }

  /**
   * Verifies a head and keeps it where it is newer: signature, then consistency with the one that was kept.
   *
   * @param atStart the head that was kept when the server was asked; another call may have seen a newer one meanwhile,
   *   which makes this one late, and not old
   * @throws SealgateError `key_log_alarm`
   */
  advance(text: string, atStart: SeenHead | undefined): Promise<Checkpoint> {
    return this.storage.lock(KEY, async () => {
      const checkpoint = await this.verifySignature(text);
      const { head: kept, key } = await this.read();
      const next: SeenHead = {
        size: checkpoint.size,
        root: encodeBase64url(checkpoint.root),
        checkpoint: text,
      };
      if (kept === undefined || kept.size === 0) {
        await this.storage.write([[KEY, { key, head: next }]]);
        return checkpoint;
      }
      if (checkpoint.size < (atStart?.size ?? 0)) {
        throw await this.alarms.fail({
          check: 'old-head',
          message: 'the server shows a head of the key log from before the one that was seen',
          blocksSending: false,
          evidence: { kept, shown: next },
        });
      }
      const [older, newer] = checkpoint.size < kept.size ? [next, kept] : [kept, next];
      await this.requireConsistency(older, newer);
      if (newer === next) await this.storage.write([[KEY, { key, head: next }]]);
      return checkpoint;
    });
  }

  /**
   * That the tree of `older` is the beginning of the tree of `newer`.
   *
   * @throws ProtocolError or SealgateError with the server's refusal, where it is not
   */
  async proveConsistency(older: Tree, newer: Tree): Promise<readonly string[]> {
    if (older.size === newer.size) {
      await verifyConsistency({ from: older, to: newer, proof: [] });
      return [];
    }
    if (older.size === 0) return [];
    const { hashes } = await this.http.json<{ hashes: string[] }>({
      method: 'GET',
      path: '/api/log/proof/consistency',
      query: { from: older.size, to: newer.size },
      auth: 'none',
    });
    await verifyConsistency({ from: older, to: newer, proof: parseProofHashes(hashes) });
    return hashes;
  }

  private async requireConsistency(older: SeenHead, newer: SeenHead): Promise<void> {
    try {
      await this.proveConsistency(treeOf(older), treeOf(newer));
    } catch (cause) {
      if (!isRefusal(cause)) throw cause;
      throw await this.alarms.fail(
        {
          check: 'consistency',
          message: 'two heads of the key log cannot belong to one log',
          blocksSending: true,
          evidence: { older, newer, refusal: refusalOf(cause) },
        },
        cause,
      );
    }
  }

  private async verifySignature(text: string): Promise<Checkpoint> {
    const key = await this.verifierKey();
    try {
      return await verifyCheckpoint(text, key);
    } catch (cause) {
      if (!(cause instanceof ProtocolError)) throw cause;
      const { key: pinned, head } = await this.read();
      throw await this.alarms.fail(
        {
          check: 'signature',
          message: 'the head of the key log is not signed by the key that was pinned',
          blocksSending: false,
          evidence: { pinned, kept: head, shown: text, refusal: cause.reason },
        },
        cause,
      );
    }
  }

  /** The pinned key; on the first look the one that the server names, from then on no other. */
  private async verifierKey(): Promise<VerifierKey> {
    const record = await this.read();
    if (record.key !== undefined) return parseVerifierKey(record.key);
    const text = await this.http.text({ method: 'GET', path: '/api/log/key', auth: 'none' });
    const line = text.replace(/\n$/, '');
    const key = await parseVerifierKey(line);
    await this.storage.write([[KEY, { ...record, key: line }]]);
    return key;
  }
}

/** A head that was kept, as a tree. */
export function treeOf({ size, root }: Pick<SeenHead, 'size' | 'root'>): Tree {
  return { size, root: decodeBase64url(root) };
}

/** Whether the server answered, and its answer proves nothing; not a fault of the network, nor a full queue. */
export function isRefusal(error: unknown): boolean {
  if (error instanceof ProtocolError) return true;
  if (!(error instanceof SealgateError)) return false;
  return error.code === 'bad_response' || error.status === 400 || error.status === 404;
}

/** What to keep of a refusal as evidence. */
export function refusalOf(error: unknown): string {
  if (error instanceof ProtocolError) return error.reason;
  return error instanceof SealgateError ? error.code : 'unknown';
}
