import type { Page } from 'playwright-core';
import { type Member, message, openChatWith, write } from '../../browser/support/acts.js';

/** Somebody who writes here, and the page on which they do. */
interface Writer {
  readonly page: Page;
  readonly displayName: string;
}

/** Somebody with an account and a name. */
export interface Person extends Writer {
  readonly member: Member;
}

/** Plays a conversation: each line is shown to the other before the next one is written. */
export async function converse(
  writers: Readonly<Record<string, Writer>>,
  lines: readonly (readonly [who: string, text: string])[],
): Promise<void> {
  const pages = Object.values(writers).map(({ page }) => page);
  for (const [who, text] of lines) {
    const writer = writers[who];
    if (writer === undefined) throw new TypeError(`nobody is called ${who}`);
    await write(writer.page, text);
    for (const page of pages) await message(page, text).waitFor();
  }
}

/** Both have the chat of the two open. */
export async function meet(one: Writer, other: Person): Promise<void> {
  await openChatWith(one.page, other.member.username);
  await write(one.page, 'Hello!');
  await other.page
    .getByRole('link', { name: new RegExp(one.displayName) })
    .first()
    .click();
  await message(other.page, 'Hello!').waitFor();
}
