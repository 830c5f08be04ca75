import type { Principal } from './principal.js';

/** How long a code, a password or a round trip to 42 proves that somebody is still there, in seconds. */
export const RECENT_PROOF_SECONDS = 5 * 60;

/** Asks when the caller's session was last proven, before what a thief of it must not do. Sign-in provides it. */
export abstract class RecentProof {
  /** @throws ReauthenticationRequired where that was more than {@link RECENT_PROOF_SECONDS} ago. */
  abstract require(caller: Principal): Promise<void>;

  /** @param method only where the session was ever proven by it: an `amr` value. */
  abstract isRecent(caller: Principal, method?: string): Promise<boolean>;
}
