import { createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  formatCheckpoint,
  formatVerifierKey,
  type KeyStatementJson,
  type LogEntry,
  logEntryOf,
  makeVerifierKey,
  parseKeyStatement,
} from '@sealgate/protocol';
import { LogSigner } from '../../src/crypto/key-log/log-signer.service.js';
import { ForgedTree } from './lying-log/forged-tree.js';
import { answerFromLog, base64, type ShownLog } from './lying-log/log-routes.js';
import { Browser } from './browser.js';
import type { TestApp } from './test-app.js';

/** An account's statements with their places in the log, as `GET /api/crypto/keys/:userId` shows them. */
interface KeysAnswer {
  userId: string;
  keys: { statement: KeyStatementJson; log: LogMember }[];
}

interface LogMember {
  index: number;
  size: number;
  checkpoint: string;
  hashes: string[];
}

/**
 * The adversary of the key log: a front of a real server that passes everything on, but shows a key log of its own
 * making, with proofs and heads that fit it, signed with the real log's key, which who runs a server has. Two fronts of
 * one server show two people two logs. Until it is told to lie it shows the truth.
 */
export class LyingLog {
  private changes: ((entries: readonly LogEntry[]) => readonly LogEntry[])[] = [];
  private withheld = new Set<number>();
  private swapped = new Map<string, KeyStatementJson[]>();
  private replayed: string | undefined;
  private forger: KeyObject | undefined;
  /** Whether `/api/log/key` names the forger's key, or still the real one. */
  private showsForger = false;

  private constructor(
    private readonly real: TestApp,
    private readonly front: Server,
  ) {}

  /** Starts a front of this server on a port of its own. */
  static async start(real: TestApp): Promise<LyingLog> {
    const front = createServer();
    const log = new LyingLog(real, front);
    front.on('request', (incoming, answer) => {
      log.answer(incoming, answer).catch((error: unknown) => answer.writeHead(599).end(String(error)));
    });
    front.listen(0, '127.0.0.1');
    await once(front, 'listening');
    return log;
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${(this.front.address() as AddressInfo).port}`;
  }

  /** As a test app's: somebody who is shown this log. */
  browser(headers?: Record<string, string>): Browser {
    return new Browser(this.baseUrl, headers);
  }

  /** Somebody is handed out other statements than theirs. With `logged`, the log shown has them too, at its end. */
  async swapKeys(userId: string, statements: KeyStatementJson[], { logged = false } = {}): Promise<this> {
    this.swapped.set(userId, statements);
    return logged ? this.append(...(await Promise.all(statements.map(entryOf)))) : this;
  }

  /** Another entry at that place: the history is rewritten, at the same size. */
  rewrite(index: number, entry: LogEntry): this {
    this.changes.push((entries) => entries.with(index, entry));
    return this;
  }

  /** An entry that the server's other visitors do not see: from here on, the log is forked. */
  append(...more: readonly LogEntry[]): this {
    this.changes.push((entries) => [...entries, ...more]);
    return this;
  }

  /** The log never had that entry: all later ones move up. */
  omit(index: number): this {
    this.changes.push((entries) => entries.toSpliced(index, 1));
    return this;
  }

  /** The log never got further than this. */
  cutTo(size: number): this {
    this.changes.push((entries) => entries.slice(0, size));
    return this;
  }

  /** The tree has the entry, but whoever reads the entries does not get it. */
  withhold(index: number): this {
    this.withheld.add(index);
    return this;
  }

  /** Shows a head of before, whatever happens. */
  replay(checkpoint: string): this {
    this.replayed = checkpoint;
    return this;
  }

  /** Signs heads with a key of its own; with `shown`, it also says that this is the log's key. */
  signWithAnotherKey({ shown = false } = {}): this {
    this.forger = generateKeyPairSync('ed25519').privateKey;
    this.showsForger = shown;
    return this;
  }

  /** Tells the truth again. */
  repent(): this {
    this.changes = [];
    this.withheld.clear();
    this.swapped.clear();
    this.replayed = undefined;
    this.forger = undefined;
    this.showsForger = false;
    return this;
  }

  /** The head that is shown now. */
  async head(): Promise<string> {
    return (await this.shown()).checkpoint;
  }

  async close(): Promise<void> {
    this.front.closeAllConnections();
    this.front.close();
    await once(this.front, 'close');
  }

  private async answer(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', this.baseUrl);
    if (incoming.method === 'GET' && url.pathname.startsWith('/api/log/')) {
      const { status, type, body } = answerFromLog(url, await this.shown());
      answer.writeHead(status, { 'content-type': type, 'x-request-id': 'lie' }).end(body);
      return;
    }
    const passed = await this.pass(incoming);
    const isAboutKeys =
      passed.statusCode !== undefined && passed.statusCode < 300
        ? /^\/api\/crypto\/(keys\/|generate-keys$)/.test(url.pathname)
        : false;
    if (!isAboutKeys) {
      answer.writeHead(passed.statusCode ?? 502, passed.headers);
      passed.pipe(answer);
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of passed) chunks.push(chunk as Buffer);
    const body = JSON.stringify(await this.bend(JSON.parse(Buffer.concat(chunks).toString())));
    const { 'content-length': _, 'transfer-encoding': __, ...headers } = passed.headers;
    answer.writeHead(passed.statusCode ?? 502, headers).end(body);
  }

  private async pass(incoming: IncomingMessage): Promise<IncomingMessage> {
    const { method, headers, url = '/' } = incoming;
    const onward = request(new URL(url, this.real.baseUrl), {
      method,
      headers: { ...headers, host: new URL(this.real.baseUrl).host },
    });
    incoming.pipe(onward);
    const [passed] = (await once(onward, 'response')) as [IncomingMessage];
    return passed;
  }

  /** Fits an answer about keys to the log that is shown. */
  private async bend(body: KeysAnswer | { log: LogMember }): Promise<object> {
    const shown = await this.shown();
    const real = await this.realEntries();
    if (!('keys' in body)) return { ...body, log: prove(shown, real[body.log.index], body.log) };
    const swapped = this.swapped.get(body.userId);
    const statements = swapped ?? body.keys.map(({ statement }) => statement);
    const keys = statements.map(async (statement, i) => {
      const log = (body.keys[i] ?? body.keys.at(-1))?.log ?? {
        index: 0,
        size: 0,
        checkpoint: '',
        hashes: [],
      };
      return { statement, log: prove(shown, await entryOf(statement), log) };
    });
    return { ...body, keys: await Promise.all(keys) };
  }

  private async shown(): Promise<ShownLog> {
    const entries = this.changes.reduce<readonly LogEntry[]>(
      (now, change) => change(now),
      await this.realEntries(),
    );
    const tree = new ForgedTree(entries);
    const head = { size: tree.size, root: tree.root() };
    const signer = this.real.app.get(LogSigner);
    const realKey = await signer.verifierKey();
    const origin = realKey.slice(0, realKey.indexOf('+'));
    const forged = this.forger === undefined ? undefined : await forge(this.forger, { origin, ...head });
    return {
      tree,
      checkpoint: this.replayed ?? forged?.checkpoint ?? (await signer.sign(head)),
      key: forged !== undefined && this.showsForger ? forged.key : realKey,
      handOut: (asked, start) => asked.filter((_, i) => !this.withheld.has(start + i)),
    };
  }

  private async realEntries(): Promise<LogEntry[]> {
    const leaves = await this.real.database.query<{
      user_id: string;
      version: number;
      statement_hash: Buffer;
    }>('SELECT user_id, version, statement_hash FROM key_log_leaves ORDER BY index');
    return leaves.map(({ user_id: user, version, statement_hash: hash }) => ({
      v: 1,
      user,
      version,
      statement: hash.toString('base64url'),
    }));
  }
}

async function entryOf(statement: KeyStatementJson): Promise<LogEntry> {
  return logEntryOf(await parseKeyStatement(statement));
}

/** The proof for an entry in the log that is shown; where it is not in it, the real one's, which cannot fit. */
function prove({ tree, checkpoint }: ShownLog, entry: LogEntry | undefined, real: LogMember): LogMember {
  const index = tree.entries.findIndex(({ statement }) => statement === entry?.statement);
  if (index >= 0) return { index, size: tree.size, checkpoint, hashes: base64(tree.inclusion(index)) };
  return { ...real, size: tree.size, checkpoint };
}

async function forge(
  privateKey: KeyObject,
  head: { origin: string; size: number; root: Uint8Array },
): Promise<{ checkpoint: string; key: string }> {
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  const key = await makeVerifierKey(head.origin, spki.subarray(-32));
  const checkpoint = await formatCheckpoint(head, key, async (data) => sign(null, data, privateKey));
  return { checkpoint, key: formatVerifierKey(key) };
}
