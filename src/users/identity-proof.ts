import type { ClientInfo } from '../common/http/client-info.js';

/** What a person shows to prove that it is still them. */
export interface Proof {
  readonly password?: string;
  /** Of the second step. */
  readonly code?: string;
}

/** Re-authentication before what cannot be undone. The sign-in module provides it, for every module. */
export abstract class IdentityProof {
  /** @throws DomainError `invalid_credentials`, `invalid_code` or `second_factor_locked`. */
  abstract prove(userId: string, proof: Proof, client: ClientInfo): Promise<void>;

  /** False for people of another service who have neither a password nor a second step here. */
  abstract isPossible(userId: string): Promise<boolean>;
}
