/** Whom a message of a chat must be sealed to: one member's current encryption key. */
export interface ChatRecipient {
  readonly userId: string;
  readonly kid: string;
  readonly version: number;
}

/** What this module needs to know of chats; the module that has them provides it. */
export abstract class ChatDirectory {
  /**
   * The current keys of all members, the caller's too.
   * @throws NotFound where the user is no member, or there is no such chat
   */
  abstract currentRecipients(chatId: string, userId: string): Promise<ChatRecipient[]>;
}
