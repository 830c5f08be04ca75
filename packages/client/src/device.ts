import type { Account } from './account-scope.js';

/** What this device keeps of the account. */
export class Device {
  constructor(
    private readonly account: Account,
    private readonly onForgotten: () => void,
  ) {}

  /**
   * Takes everything of the account off this device: keys, trust, places in chats, unsent messages. For shared
   * computers, before `auth.logout()`. Without a backup the keys are gone for good.
   */
  async forget(): Promise<void> {
    const forget = await this.forgetLater();
    await forget();
  }

  /** The same, to be done when nobody may be signed in any more. */
  async forgetLater(): Promise<() => Promise<void>> {
    const storage = await this.account.storage();
    return async () => {
      const entries = await storage.entries('');
      await storage.write(entries.map(([key]) => [key, undefined] as const));
      this.onForgotten();
    };
  }
}
