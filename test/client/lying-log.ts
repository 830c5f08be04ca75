import {
  appendLeaf,
  consistencyProof,
  EMPTY_FRONTIER,
  encodeBase64,
  encodeBase64url,
  formatCheckpoint,
  formatVerifierKey,
  type Frontier,
  frontierRoot,
  inclusionProof,
  leafData,
  leafHash,
  type LogEntry,
  makeVerifierKey,
  type TreeNode,
  type VerifierKey,
} from '@sealgate/protocol';
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { LogSigner } from '../../src/crypto/key-log/log-signer.service.js';
import type { TestApp } from '../support/test-app.js';

/** Signs a head as the real log does: the server itself is the adversary here. */
export type SignHead = (head: { size: number; root: Uint8Array }) => Promise<string>;

/** The server's own signature, for a head of our choosing. */
export function serversSignature({ app }: TestApp): SignHead {
  const signer = app.get(LogSigner, { strict: false });
  return ({ size, root }) => signer.sign({ size, root: Buffer.from(root) });
}

/** Another key under the same name. */
export async function otherLogKey(name: string): Promise<{ line: string; sign: SignHead; key: VerifierKey }> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const key = await makeVerifierKey(name, new Uint8Array(raw));
  return { key, line: formatVerifierKey(key), sign: (head) => signedBy(name, key, privateKey, head) };
}

function signedBy(
  name: string,
  key: VerifierKey,
  privateKey: KeyObject,
  head: { size: number; root: Uint8Array },
): Promise<string> {
  return formatCheckpoint(
    { origin: name, ...head },
    key,
    async (data) => new Uint8Array(sign(null, data, privateKey)),
  );
}

/** A log of whatever entries a liar likes, with proofs that hold within it. */
export class LyingLog {
  private readonly nodes = new Map<string, Uint8Array>();
  private tree: Frontier = EMPTY_FRONTIER;
  readonly entries: LogEntry[] = [];

  constructor(private readonly signHead: SignHead) {}

  async append(...entries: readonly LogEntry[]): Promise<this> {
    for (const entry of entries) {
      const { frontier, nodes } = await appendLeaf(this.tree, await leafHash(leafData(entry)));
      for (const { level, index, hash } of nodes) this.nodes.set(`${level}/${index}`, hash);
      this.tree = frontier;
      this.entries.push(entry);
    }
    return this;
  }

  get size(): number {
    return this.tree.size;
  }

  async root(): Promise<string> {
    return encodeBase64url(await frontierRoot(this.tree));
  }

  async checkpoint(): Promise<string> {
    return this.signHead({ size: this.size, root: await frontierRoot(this.tree) });
  }

  async inclusion(index: number): Promise<string[]> {
    return (await inclusionProof(index, this.size, this.read)).map((hash) => encodeBase64(hash));
  }

  async consistency(from: number): Promise<string[]> {
    return (await consistencyProof(from, this.size, this.read)).map((hash) => encodeBase64(hash));
  }

  private readonly read = async (nodes: readonly TreeNode[]) =>
    nodes.map(({ level, index }) => {
      const hash = this.nodes.get(`${level}/${index}`);
      if (hash === undefined) throw new Error('no such node');
      return hash;
    });
}
