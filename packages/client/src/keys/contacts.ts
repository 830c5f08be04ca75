import type { SigningJwk, VerifiedKeyStatement } from '@sealgate/protocol';
import type { Account } from '../account-scope.js';
import { clientError } from '../errors.js';
import type { Http } from '../http/http.js';
import type { Alarms } from '../log/alarms.js';
import type { PinnedLog } from '../log/pinned-log.js';
import type { ContactKeys, KeyVersion, Trust } from './key-types.js';
import {
  fromStored,
  type LoggedStatement,
  type StoredChain,
  toStored,
  type VerifiedChain,
  verifyAnswer,
} from './verify-answer.js';

/** Which keys of somebody this device goes by. */
interface TrustRecord {
  readonly payloadHash: string;
  readonly compared: boolean;
}

/** A contact with the keys as they were verified and the trust in them. */
export interface Contact {
  readonly userId: string;
  readonly chain: VerifiedChain;
  readonly trust: Trust;
}

/** Everybody's keys, each verified once and again when there is something new. */
export class Contacts {
  private readonly verified = new Map<string, VerifiedChain>();
  /** Of these the server has said that there is something new. */
  private readonly stale = new Set<string>();
  private readonly running = new Map<string, Promise<VerifiedChain | null>>();

  constructor(
    private readonly http: Http,
    private readonly account: Account,
    private readonly log: PinnedLog,
    private readonly alarms: Alarms,
  ) {}

  /** Somebody's keys as verified before, else asked for now; null where there are none. */
  async get(userId: string): Promise<VerifiedChain | null> {
    return (await this.remembered(userId)) ?? this.fetch(userId);
  }

  /** Asks the server and checks everything. Several who ask at once share one look. */
  async fetch(userId: string): Promise<VerifiedChain | null> {
    const running = this.running.get(userId) ?? this.look(userId);
    this.running.set(userId, running);
    try {
      return await running;
    } finally {
      this.running.delete(userId);
    }
  }

  /** With the trust in the keys; null where there are none. */
  async contact(userId: string, fresh = false): Promise<Contact | null> {
    const chain = fresh ? await this.fetch(userId) : await this.get(userId);
    if (chain === null) return null;
    return { userId, chain, trust: await this.trustIn(userId, chain) };
  }

  /** The next look asks the server. */
  expire(userId: string): void {
    this.verified.delete(userId);
    this.stale.add(userId);
  }

  /** What is in memory; the storage is another's business. */
  forget(): void {
    this.verified.clear();
    this.stale.clear();
  }

  /** A signing key of this person by its name, of older versions too. Asks the server once more for one not yet seen. */
  async signingKey(userId: string, kid: string): Promise<SigningJwk | undefined> {
    return find(await this.get(userId), kid) ?? find(await this.fetch(userId), kid);
  }

  /** Goes by the current keys from now on. @throws SealgateError `keys_missing` where there are none */
  async trust(userId: string, compared: boolean): Promise<void> {
    const chain = await this.get(userId);
    if (chain === null) throw clientError('keys_missing', 'this person has no keys');
    await this.writeTrust(userId, { payloadHash: current(chain).payloadHash, compared });
  }

  private async remembered(userId: string): Promise<VerifiedChain | undefined> {
    const known = this.verified.get(userId);
    if (known !== undefined || this.stale.has(userId)) return known;
    const stored = await this.stored(userId);
    if (stored === undefined) return undefined;
    const chain = await fromStored(userId, stored);
    this.verified.set(userId, chain);
    return chain;
  }

  private async look(userId: string): Promise<VerifiedChain | null> {
    const { head: atStart } = await this.log.read();
    const stored = await this.stored(userId);
    const known = stored === undefined ? [] : (await fromStored(userId, stored)).statements;
    const path = `/api/crypto/keys/${encodeURIComponent(userId)}`;
    const { keys } = await this.http.json<{ keys: LoggedStatement[] }>({ method: 'GET', path });
    if (keys.length === 0) return null;
    const { log, alarms } = this;
    const hashes = known.map(({ payloadHash }) => payloadHash);
    const chain = await verifyAnswer(userId, keys, hashes, { log, alarms, atStart });
    const storage = await this.account.storage();
    await storage.write([[`chain/${userId}`, toStored(chain)]]);
    if ((await this.readTrust(userId)) === undefined)
      await this.writeTrust(userId, { payloadHash: current(chain).payloadHash, compared: false });
    this.verified.set(userId, chain);
    this.stale.delete(userId);
    return chain;
  }

  private async trustIn(userId: string, chain: VerifiedChain): Promise<Trust> {
    const record = await this.readTrust(userId);
    if (record === undefined || record.payloadHash === current(chain).payloadHash)
      return record?.compared === true ? 'compared' : 'log';
    return record.compared ? 'changed-after-compare' : 'changed';
  }

  private async stored(userId: string): Promise<StoredChain | undefined> {
    return (await (await this.account.storage()).get(`chain/${userId}`)) as StoredChain | undefined;
  }

  private async readTrust(userId: string): Promise<TrustRecord | undefined> {
    return (await (await this.account.storage()).get(`trust/${userId}`)) as TrustRecord | undefined;
  }

  private async writeTrust(userId: string, record: TrustRecord): Promise<void> {
    await (await this.account.storage()).write([[`trust/${userId}`, record]]);
  }
}

/** The newest statement of a chain. */
export function current({ statements }: VerifiedChain): VerifiedKeyStatement {
  const newest = statements.at(-1);
  if (newest === undefined) throw new TypeError('a chain has a statement');
  return newest;
}

/** A contact as the app sees it. */
export function toContactKeys({ userId, chain, trust }: Contact): ContactKeys {
  const history = chain.statements.map(({ payload, kids }, i): KeyVersion => {
    const { version, createdAt, reset } = payload;
    return { version, kids, createdAt, reset, logIndex: chain.indices[i] ?? -1 };
  });
  const newest = history.at(-1);
  if (newest === undefined) throw new TypeError('a chain has a statement');
  const { encryptionKey, signingKey } = current(chain).payload;
  return { userId, trust, current: { ...newest, encryptionKey, signingKey }, history, log: chain.head };
}

function find(chain: VerifiedChain | null, kid: string): SigningJwk | undefined {
  return chain?.statements.find(({ kids }) => kids.signing === kid)?.payload.signingKey;
}
