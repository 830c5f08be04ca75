import { createPrivateKey, createPublicKey } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '../../common/time/clock.js';
import { NotificationBus } from '../../database/notification-bus.js';
import { SecretBox } from '../at-rest/secret-box.js';
import { isReadable, isRotating, PURPOSES, usableFrom, type RotatingPurpose } from './core/key-life.js';
import { generateKey, type GeneratedKey } from './generate-key.js';
import { KeyRingRefusal, NextKeyTooYoung } from './key-ring.errors.js';
import type { RingKey } from './ring-key.js';
import { serverKeyContext } from './sealed-server-keys.js';
import { ServerKeyEntity, type KeyPurpose, type KeyState } from './server-key.entity.js';

/** The bus event after which every replica reads the ring anew. */
export const SERVER_KEYS_CHANGED = 'server-keys';

/** Any constant of ours: every change of the ring, on whichever replica or from the command line, takes its turn. */
const RING_LOCK = 4_242_002;
/** A clock that is behind may still count a retired key as readable. */
const SWEPT_AFTER_MS = 3600 * 1000;
const REVOKED_KEPT_MS = 90 * 24 * 3600 * 1000;

/** One key took over from another. */
export interface Rotation {
  readonly from: string;
  readonly to: string;
}

export interface Revocation {
  readonly purpose: KeyPurpose;
  /** False where it was revoked before. */
  readonly isNew: boolean;
}

/**
 * The ring's rows: next → active → retired, or revoked from any of these. Each change is one transaction under a lock
 * over all replicas that ends in a notice to them; whatever dies half-way leaves the ring as it was.
 */
@Injectable()
export class ServerKeyStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly bus: NotificationBus,
    private readonly clock: Clock,
    private readonly box: SecretBox,
  ) {}

  /** The keys that sign, verify or open now, opened. @throws ConfigError where `MASTER_KEY` is another one. */
  async read(): Promise<RingKey[]> {
    const repository = this.dataSource.getRepository(ServerKeyEntity);
    const found = await repository.createQueryBuilder('key').addSelect('key.privateKey').getMany();
    const now = this.clock.now();
    return found.filter((row) => isReadable(row, now)).map((row) => this.toRingKey(row));
  }

  /** All that is on record, the revoked and the long retired too, without private parts. */
  list(): Promise<ServerKeyEntity[]> {
    return this.dataSource.getRepository(ServerKeyEntity).find({ order: { createdAt: 'ASC' } });
  }

  /** Makes what is missing: on the first start, and after a revocation. */
  async fill(): Promise<void> {
    await this.underLock(async (tx) => {
      const now = this.clock.now();
      let isChanged = false;
      for (const purpose of PURPOSES) {
        const had = await this.ensureActive(tx, purpose, now);
        const hadNext = !isRotating(purpose) || (await this.ensureNext(tx, purpose, now));
        isChanged ||= !had || !hadNext;
      }
      if (isChanged) await this.announce(tx);
    });
  }

  /**
   * Retires the active key and lets the next one take over.
   * @param from the active key that the caller saw: of several that want the same rotation, one makes it.
   * @returns null where another was faster.
   * @throws NextKeyTooYoung
   */
  async rotate(purpose: RotatingPurpose, from: string): Promise<Rotation | null> {
    // Made before the lock is taken: a large RSA key can take seconds.
    const waiting = await generateKey(purpose);
    return this.underLock(async (tx) => {
      const now = this.clock.now();
      const active = await this.keyIn(tx, purpose, 'active');
      const next = await this.keyIn(tx, purpose, 'next');
      if (active?.kid !== from || next === null) return null;
      const notBefore = usableFrom(next, active);
      if (notBefore > now) throw new NextKeyTooYoung(purpose, notBefore);
      await this.move(tx, active.kid, { state: 'retired', retiredAt: now });
      await this.move(tx, next.kid, { state: 'active', activatedAt: now });
      await this.insert(tx, purpose, 'next', waiting, now);
      await this.announce(tx);
      return { from, to: next.kid };
    });
  }

  /**
   * Takes a key out of use at once, destroys its private part, and lets the next one take over where it was active.
   * @throws KeyRingRefusal where there is no such key, and for the log's.
   */
  async revoke(kid: string): Promise<Revocation> {
    const done = await this.underLock(async (tx) => {
      const key = await tx.getRepository(ServerKeyEntity).findOneBy({ kid });
      if (key === null)
        throw new KeyRingRefusal(`There is no key ${kid}: "keys list" shows those there are.`);
      const { purpose } = key;
      if (!isRotating(purpose))
        throw new KeyRingRefusal(
          'The key of the key log cannot be revoked: clients pin it. See "Keys of the server" in docs/operations.md.',
        );
      if (key.state === 'revoked') return { purpose, isNew: false };
      const now = this.clock.now();
      await this.move(tx, kid, { state: 'revoked', retiredAt: now, privateKey: Buffer.alloc(0) });
      await this.ensureActive(tx, purpose, now);
      await this.announce(tx);
      return { purpose, isNew: true };
    });
    // Apart, so that the revocation does not wait for a new key to be made. Should this die, the next start or the
    // schedule makes up for it.
    await this.fill();
    return done;
  }

  /** Deletes retired keys that nobody reads any more, with what they could still open, and old records. */
  async sweep(): Promise<void> {
    await this.underLock(async (tx) => {
      const now = this.clock.now().getTime();
      const rows = await tx.getRepository(ServerKeyEntity).find();
      const gone = rows.filter((row) =>
        row.state === 'revoked'
          ? (row.retiredAt?.getTime() ?? now) < now - REVOKED_KEPT_MS
          : !isReadable(row, new Date(now - SWEPT_AFTER_MS)),
      );
      for (const { kid } of gone) await tx.getRepository(ServerKeyEntity).delete({ kid });
    });
  }

  private underLock<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(async (tx) => {
      await tx.query('SELECT pg_advisory_xact_lock($1)', [RING_LOCK]);
      return work(tx);
    });
  }

  private announce(tx: EntityManager): Promise<void> {
    return this.bus.publish(tx, { type: SERVER_KEYS_CHANGED });
  }

  private keyIn(tx: EntityManager, purpose: KeyPurpose, state: KeyState): Promise<ServerKeyEntity | null> {
    return tx.getRepository(ServerKeyEntity).findOneBy({ purpose, state });
  }

  /** @returns true where there was one. The waiting key is preferred to a new one: others know it already. */
  private async ensureActive(tx: EntityManager, purpose: KeyPurpose, now: Date): Promise<boolean> {
    if ((await this.keyIn(tx, purpose, 'active')) !== null) return true;
    const next = await this.keyIn(tx, purpose, 'next');
    if (next !== null) await this.move(tx, next.kid, { state: 'active', activatedAt: now });
    else await this.insert(tx, purpose, 'active', await generateKey(purpose), now);
    return false;
  }

  private async ensureNext(tx: EntityManager, purpose: KeyPurpose, now: Date): Promise<boolean> {
    if ((await this.keyIn(tx, purpose, 'next')) !== null) return true;
    await this.insert(tx, purpose, 'next', await generateKey(purpose), now);
    return false;
  }

  private async move(tx: EntityManager, kid: string, change: Partial<ServerKeyEntity>): Promise<void> {
    await tx.getRepository(ServerKeyEntity).update({ kid }, change as object);
  }

  private async insert(
    tx: EntityManager,
    purpose: KeyPurpose,
    state: KeyState,
    { kid, publicJwk, privateKey }: GeneratedKey,
    now: Date,
  ): Promise<void> {
    await tx.getRepository(ServerKeyEntity).insert({
      kid,
      purpose,
      state,
      publicJwk: { ...publicJwk },
      privateKey: this.box.seal(privateKey.export({ format: 'der', type: 'pkcs8' }), serverKeyContext(kid)),
      createdAt: now,
      activatedAt: state === 'active' ? now : null,
      retiredAt: null,
    });
  }

  private toRingKey(row: ServerKeyEntity): RingKey {
    const der = this.box.open(row.privateKey, serverKeyContext(row.kid));
    const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    const { kid, purpose, state, publicJwk, createdAt, activatedAt, retiredAt } = row;
    const publicKey = createPublicKey(privateKey);
    return { kid, purpose, state, publicJwk, publicKey, privateKey, createdAt, activatedAt, retiredAt };
  }
}
