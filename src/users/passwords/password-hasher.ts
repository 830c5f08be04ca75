import { createHmac } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Inject, Injectable } from '@nestjs/common';
import bcrypt from 'bcrypt';
import { CONFIG, type Config } from '../../config/config.js';
import { HashQueue } from './hash-queue.js';

/** A password as it is stored; never shown, never logged. */
export type PasswordHash = string & { readonly __brand: 'PasswordHash' };

export interface HashedPassword {
  /** Algorithm, version and cost, e.g. `bcrypt-hmac-sha256-v1:12`. */
  readonly scheme: string;
  readonly hash: PasswordHash;
}

export interface PasswordVerdict {
  readonly ok: boolean;
  /** The password is right and its hash was made with other parameters than today's: store a new one. */
  readonly needsRehash: boolean;
}

const ALGORITHM = 'bcrypt-hmac-sha256-v1';
/** bcrypt's own minimum. */
const MIN_COST = 4;
/** libuv's pool has four threads; one stays free for files, DNS and WebCrypto. */
const MAX_IN_FLIGHT = 3;
const MAX_WAITING = 256;
/** A well-formed salt and digest that no password has; what bcrypt does with it costs the same as with a real one. */
const NOBODYS = 'yrQnLkGm4wYq8Xb1Z5d3uOe7vTf0sRj2hC6pKaN9lDiMxEoUgHtWS';

/**
 * bcrypt over base64url(HMAC-SHA-256(pepper, NFC(password))): no truncation at 72 bytes, no stop at a NUL, and a
 * stolen table alone cannot be searched.
 * @see NIST SP 800-63B-4 §3.1.1.2 (keyed hash stored apart)
 */
@Injectable()
export class PasswordHasher {
  private readonly queue = new HashQueue(
    Math.max(1, Math.min(availableParallelism(), MAX_IN_FLIGHT)),
    MAX_WAITING,
  );
  private readonly cost: number;
  private readonly pepper: string;

  constructor(@Inject(CONFIG) config: Config) {
    this.cost = config.bcryptCost;
    this.pepper = config.secrets.passwordPepper;
  }

  /** Hashes that run now. */
  get running(): number {
    return this.queue.running;
  }

  /** Hashes that wait for a slot. */
  get waiting(): number {
    return this.queue.waiting;
  }

  /**
   * @param lane who takes turns with others while many wait: the network or the account that asks.
   * @throws ServiceUnavailable where too many wait.
   */
  async hash(password: string, lane: string): Promise<HashedPassword> {
    const hash = await this.queue.run(lane, () => bcrypt.hash(this.peppered(password), this.cost));
    return { scheme: `${ALGORITHM}:${this.cost}`, hash: hash as PasswordHash };
  }

  /**
   * Compares in the same time whether there is a stored hash or not, and whatever cost up to today's it was made with.
   * @param stored null for an unknown user or one without a password.
   * @param lane as for {@link hash}.
   * @param beforehand is asked when it is its turn, so that what was refused meanwhile costs no hash.
   * @throws ServiceUnavailable where too many wait, and what `beforehand` throws.
   */
  verify(
    password: string,
    stored: HashedPassword | null,
    lane: string,
    beforehand?: () => Promise<void>,
  ): Promise<PasswordVerdict> {
    const cost = stored === null ? null : costOf(stored.scheme);
    const peppered = this.peppered(password);
    return this.queue.run(lane, async () => {
      await beforehand?.();
      if (stored === null || cost === null) {
        await bcrypt.compare(peppered, nobodys(this.cost));
        return { ok: false, needsRehash: false };
      }
      const ok = await bcrypt.compare(peppered, stored.hash);
      // 2^c + (2^c + 2^(c+1) + … + 2^(today-1)) = 2^today: an old hash does not tell that the account exists.
      for (let step = cost; step < this.cost; step++) await bcrypt.compare(peppered, nobodys(step));
      return { ok, needsRehash: ok && cost !== this.cost };
    });
  }

  private peppered(password: string): string {
    return createHmac('sha256', this.pepper).update(password.normalize('NFC')).digest('base64url');
  }
}

function nobodys(cost: number): string {
  return `$2b$${String(cost).padStart(2, '0')}$${NOBODYS}`;
}

/** @returns null for a scheme that this version does not know: such a hash verifies nothing. */
function costOf(scheme: string): number | null {
  const [algorithm, cost] = scheme.split(':');
  return algorithm === ALGORITHM && Number(cost) >= MIN_COST ? Number(cost) : null;
}
