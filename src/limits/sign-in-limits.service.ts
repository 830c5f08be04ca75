import { Injectable } from '@nestjs/common';
import type { RateLimited } from '../common/problem/common.errors.js';
import type { Count } from './counter-store.js';
import { networkOf } from './core/network.js';
import { KnownAddresses, type Acquaintance } from './known-addresses.service.js';
import { Limits } from './limits.service.js';
import type { PolicyName } from './policies.js';

/** Who tries to sign in: the e-mail as it was typed and normalised, whether an account has it or not. */
export interface Candidate {
  readonly email: string;
  readonly ip: string;
}

/** One address adds at most this many failures to an account's count in the window of a pair. */
const SHARE_OF_ONE_ADDRESS = 10;

interface Counts {
  readonly acquaintance: Acquaintance;
  readonly byPolicy: ReadonlyMap<PolicyName, Count>;
}

/**
 * Limits the guessing of passwords. Failures are counted, per address, per account and address, per account over all
 * addresses, and overall; successes cost nothing.
 *
 * A stranger at one address cannot lock an account: after the pair's quota he is refused himself, and adds too little
 * to the account's count. Many addresses together can; then those are still let in from where the owner has signed in
 * before, with the pair's own quota. An unknown e-mail is counted like a known one.
 */
@Injectable()
export class SignInLimits {
  constructor(
    private readonly limits: Limits,
    private readonly known: KnownAddresses,
  ) {}

  /** Before the password is looked at. @throws RateLimited */
  async requireOpen(candidate: Candidate): Promise<void> {
    await this.open(candidate);
  }

  /**
   * The password was wrong: counts it.
   * @throws RateLimited where the quota was spent meanwhile: of a thousand guesses at once, ten learn that they are wrong.
   */
  async failed({ email, ip }: Candidate): Promise<void> {
    const network = networkOf(ip);
    const pair = pairKey(email, network);
    const [{ isKnown }, byPair, byAddress] = await Promise.all([
      this.known.look(email, network),
      this.limits.add('login-pair', pair),
      this.limits.add('login-ip', network),
    ]);
    const counts = new Map<PolicyName, Count>([
      ['login-pair', byPair],
      ['login-ip', byAddress],
    ]);
    if (!isKnown) {
      counts.set('login-all', await this.limits.add('login-all', ''));
      if (byPair.used <= SHARE_OF_ONE_ADDRESS)
        counts.set('login-account', await this.limits.add('login-account', email));
    }
    const exceeded = [...counts].filter(([name, count]) => this.limits.isExceeded(name, count));
    if (exceeded.length > 0) throw this.refusal(exceeded.map(([, count]) => count));
  }

  /**
   * The password was right: the pair begins anew and is known from now on.
   * @throws RateLimited where the quota was spent meanwhile: a right guess among a thousand at once is not told.
   */
  async succeeded({ email, ip }: Candidate): Promise<void> {
    const { acquaintance, byPolicy } = await this.open({ email, ip });
    const network = networkOf(ip);
    if ((byPolicy.get('login-pair')?.used ?? 0) > 0)
      await this.limits.forget('login-pair', pairKey(email, network));
    if (!acquaintance.isRecent) await this.known.remember(email, network);
  }

  /** Somebody proved in another way to be the owner, e.g. by a mail link: this address is theirs. */
  async vouch({ email, ip }: Candidate): Promise<void> {
    const network = networkOf(ip);
    await this.limits.forget('login-pair', pairKey(email, network));
    await this.known.remember(email, network);
  }

  private async open(candidate: Candidate): Promise<Counts> {
    const counts = await this.read(candidate);
    const spent = [...counts.byPolicy].filter(([name, count]) => this.limits.isSpent(name, count));
    if (spent.length > 0) throw this.refusal(spent.map(([, count]) => count));
    return counts;
  }

  private async read({ email, ip }: Candidate): Promise<Counts> {
    const network = networkOf(ip);
    const keys = new Map<PolicyName, string>([
      ['login-pair', pairKey(email, network)],
      ['login-ip', network],
      ['login-account', email],
      ['login-all', ''],
    ]);
    const [acquaintance, byPolicy] = await Promise.all([
      this.known.look(email, network),
      this.limits.readAll(keys),
    ]);
    if (!acquaintance.isKnown) return { acquaintance, byPolicy };
    // From where the owner signs in, what strangers do elsewhere does not count.
    const own = [...byPolicy].filter(([name]) => name === 'login-pair' || name === 'login-ip');
    return { acquaintance, byPolicy: new Map(own) };
  }

  /** Whichever quota was spent, the caller is told of the one per address: others' failures are not theirs to see. */
  private refusal(counts: readonly Count[]): RateLimited {
    return this.limits.refusal('login-ip', {
      resetSeconds: Math.max(...counts.map(({ resetSeconds }) => resetSeconds)),
    });
  }
}

function pairKey(email: string, network: string): string {
  return JSON.stringify([email, network]);
}
