import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { JWK } from 'jose';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '../../common/time/clock.js';
import { NotificationBus } from '../../database/notification-bus.js';
import { rows } from '../../database/rows.js';
import { SecretBox } from '../at-rest/secret-box.js';
import { generateKey } from './generate-key.js';
import { ServerKeyEntity, type KeyPurpose, type KeyState } from './server-key.entity.js';

/** How long verifiers may keep the JWKS; a key is published for longer than this before it signs. */
export const JWKS_MAX_AGE_SECONDS = 300;
/** What a retired key signed is long expired by then. */
const RETIRED_FOR_MS = 24 * 3600 * 1000;
const RING_LOCK = 4_242_002;

/** A key of the ring, ready to use. */
export interface RingKey {
  readonly kid: string;
  readonly purpose: KeyPurpose;
  readonly state: KeyState;
  readonly publicJwk: JWK;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
  readonly createdAt: Date;
  readonly activatedAt: Date | null;
}

/**
 * The server's keys, the same on every replica: rows, next → active → retired, with the private parts sealed under
 * `MASTER_KEY`. Read into memory at start and whenever another replica says that they changed.
 */
@Injectable()
export class KeyRing implements OnModuleInit {
  private keys: readonly RingKey[] = [];

  constructor(
    private readonly dataSource: DataSource,
    private readonly bus: NotificationBus,
    private readonly clock: Clock,
    private readonly box: SecretBox,
  ) {}

  async onModuleInit(): Promise<void> {
    this.bus.on('server-keys', () => void this.load().catch(() => undefined));
    this.bus.onReconnect(() => this.load());
    await this.underLock((tx) => this.fill(tx));
    await this.load();
  }

  /** The key that signs or opens now. */
  active(purpose: KeyPurpose): RingKey {
    const key = this.keys.find((candidate) => candidate.purpose === purpose && candidate.state === 'active');
    if (key === undefined) throw new Error(`no active key for ${purpose}`);
    return key;
  }

  /** A key that may still verify or open; revoked and unknown ones are undefined. */
  find(purpose: KeyPurpose, kid: string): RingKey | undefined {
    return this.keys.find((key) => key.kid === kid && key.purpose === purpose && key.state !== 'revoked');
  }

  /** What verifiers should know: the active key first, then the next one, then those lately retired. */
  published(purpose: KeyPurpose): readonly RingKey[] {
    const order: Record<KeyState, number> = { active: 0, next: 1, retired: 2, revoked: 3 };
    return this.keys
      .filter((key) => key.purpose === purpose && key.state !== 'revoked')
      .toSorted((a, b) => order[a.state] - order[b.state]);
  }

  /** Retires the active key and lets the next one take over; one replica at a time. */
  async rotate(purpose: KeyPurpose): Promise<void> {
    await this.underLock(async (tx) => {
      const now = this.clock.now();
      await tx.query(
        `UPDATE server_keys SET state = 'retired', retired_at = $2 WHERE purpose = $1 AND state = 'active'`,
        [purpose, now],
      );
      await tx.query(
        `UPDATE server_keys SET state = 'active', activated_at = $2 WHERE purpose = $1 AND state = 'next'`,
        [purpose, now],
      );
      await this.fill(tx);
      await this.bus.publish(tx, { type: 'server-keys' });
    });
    await this.load();
  }

  private underLock(work: (tx: EntityManager) => Promise<void>): Promise<void> {
    return this.dataSource.transaction(async (tx) => {
      await tx.query('SELECT pg_advisory_xact_lock($1)', [RING_LOCK]);
      await work(tx);
    });
  }

  /** Makes what is missing. The log's key never rotates: it is what clients pin. */
  private async fill(tx: EntityManager): Promise<void> {
    const wanted: [KeyPurpose, KeyState][] = [
      ['access-token', 'active'], ['access-token', 'next'], ['key-log', 'active'],
      ['sealed-encryption', 'active'], ['sealed-encryption', 'next'],
      ['sealed-signature', 'active'], ['sealed-signature', 'next'],
    ]; // prettier-ignore
    const present = await rows<{ purpose: string; state: string }>(
      tx,
      'SELECT purpose, state FROM server_keys',
    );
    for (const [purpose, state] of wanted) {
      if (present.some((row) => row.purpose === purpose && row.state === state)) continue;
      const { kid, publicJwk, privateKey } = await generateKey(purpose);
      const now = this.clock.now();
      await tx.getRepository(ServerKeyEntity).insert({
        kid,
        purpose,
        state,
        publicJwk: { ...publicJwk },
        privateKey: this.box.seal(privateKey.export({ format: 'der', type: 'pkcs8' }), `server-key:${kid}`),
        createdAt: now,
        activatedAt: state === 'active' ? now : null,
        retiredAt: null,
      });
    }
  }

  private async load(): Promise<void> {
    const repository = this.dataSource.getRepository(ServerKeyEntity);
    const found = await repository.createQueryBuilder('key').addSelect('key.privateKey').getMany();
    const oldest = this.clock.now().getTime() - RETIRED_FOR_MS;
    this.keys = found
      .filter((row) => row.retiredAt === null || row.retiredAt.getTime() > oldest)
      .map((row) => this.toRingKey(row));
  }

  private toRingKey(row: ServerKeyEntity): RingKey {
    const der = this.box.open(row.privateKey, `server-key:${row.kid}`);
    const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    return {
      kid: row.kid,
      purpose: row.purpose,
      state: row.state,
      publicJwk: row.publicJwk,
      publicKey: createPublicKey(privateKey),
      privateKey,
      createdAt: row.createdAt,
      activatedAt: row.activatedAt,
    };
  }
}
