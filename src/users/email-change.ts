import type { ClientInfo } from '../common/http/client-info.js';

/** A person's wish for another address. It counts once mail to it was answered; the sign-in module sees to that. */
export abstract class EmailChange {
  /** @throws EmailTaken; RateLimited */
  abstract ask(userId: string, email: string, client: ClientInfo): Promise<void>;

  /** The address that waits for an answer, or null. */
  abstract pending(userId: string): Promise<string | null>;
}
