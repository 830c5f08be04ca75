import type { SealgateStorage } from '../storage/storage.js';

/** What the server hands over where tokens travel in bodies. */
export interface Tokens {
  readonly accessToken?: string;
  /** Once the second step is settled. */
  readonly refreshToken?: string;
  readonly expiresIn?: number;
}

/** One moment of the session. `generation` grows with every renewal, so that one who waited sees that it is done. */
export interface SessionRecord {
  readonly generation: number;
  readonly userId?: string | undefined;
  readonly accessToken?: string | undefined;
  readonly refreshToken?: string | undefined;
}

const KEY = 'session';
const NONE: SessionRecord = { generation: 0 };

/** Who is signed in here, shared by all tabs (or the whole process) over the storage. */
export class SessionState {
  constructor(
    private readonly storage: SealgateStorage,
    readonly tokensInBody: boolean,
  ) {}

  async read(): Promise<SessionRecord> {
    return ((await this.storage.get(KEY)) as SessionRecord | undefined) ?? NONE;
  }

  /** Keeps what an answer brought, and counts. */
  async renew({ accessToken, refreshToken }: Tokens, userId?: string): Promise<void> {
    await this.storage.lock(KEY, async () => {
      const before = await this.read();
      const next: SessionRecord = {
        generation: before.generation + 1,
        userId: userId ?? before.userId,
        accessToken: this.tokensInBody ? (accessToken ?? before.accessToken) : undefined,
        // A pending session has none, and what an earlier session left must not renew it.
        refreshToken: this.tokensInBody
          ? (refreshToken ?? (accessToken === undefined ? before.refreshToken : undefined))
          : undefined,
      };
      await this.storage.write([[KEY, next]]);
    });
  }

  /** Remembers who is signed in, where it was not known. */
  async belongsTo(userId: string): Promise<void> {
    await this.storage.lock(KEY, async () => {
      const now = await this.read();
      if (now.userId !== userId) await this.storage.write([[KEY, { ...now, userId }]]);
    });
  }

  /** Forgets the session. */
  async clear(): Promise<void> {
    await this.storage.lock(KEY, async () => {
      const { generation } = await this.read();
      await this.storage.write([[KEY, { generation: generation + 1 }]]);
    });
  }

  /** Runs the renewal of the session, one at a time over all tabs. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    return this.storage.lock('refresh', work);
  }
}
