import {
  decodeBase64,
  leafData,
  leafHash,
  parseLogEntry,
  parseProofHashes,
  parseVerifierKey,
  verifyCheckpoint,
  verifyConsistency,
  verifyInclusion,
  type Checkpoint,
  type LogEntry,
} from '@sealgate/protocol';
import { expect } from 'vitest';
import type { Browser } from '../support/browser.js';

/** The log as a client sees it, with the checks that a client makes. */
export class LogReader {
  constructor(private readonly browser: Browser) {}

  /** A checkpoint's head, once its signature is checked under the published key. */
  async verify(checkpoint: string): Promise<Checkpoint> {
    const key = await this.browser.get('/api/log/key');
    return verifyCheckpoint(checkpoint, await parseVerifierKey(key.body));
  }

  async head(): Promise<Checkpoint> {
    return this.verify((await this.browser.get('/api/log/checkpoint')).body);
  }

  async entries(start: number, end: number): Promise<LogEntry[]> {
    const { body } = await this.browser.get(`/api/log/entries?start=${start}&end=${end}`);
    return body.entries.map(parseLogEntry);
  }

  /** Throws unless the entry stands there in the tree of that head, by the proof given or by the server's. */
  async requireIncluded(entry: LogEntry, index: number, head: Checkpoint, hashes?: string[]): Promise<void> {
    const proof = hashes ?? (await this.inclusion(index, head.size)).hashes;
    const leaf = await leafHash(leafData(entry));
    await verifyInclusion({ leaf, index, size: head.size, root: head.root, proof: parseProofHashes(proof) });
  }

  async requireConsistent(from: Checkpoint, to: Checkpoint): Promise<void> {
    const answer = await this.browser.get(`/api/log/proof/consistency?from=${from.size}&to=${to.size}`);
    expect(answer).toMatchObject({ status: 200, body: { from: from.size, to: to.size } });
    await verifyConsistency({ from, to, proof: parseProofHashes(answer.body.hashes) });
  }

  private async inclusion(index: number, size: number): Promise<{ hashes: string[] }> {
    const answer = await this.browser.get(`/api/log/proof/inclusion?index=${index}&size=${size}`);
    expect(answer).toMatchObject({ status: 200, body: { index, size } });
    for (const hash of answer.body.hashes) expect(decodeBase64(hash)).toHaveLength(32);
    return answer.body;
  }
}
