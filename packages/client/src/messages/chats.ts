import type { Account } from '../account-scope.js';
import type { Http } from '../http/http.js';
import { Paged } from '../http/paged.js';
import type { Chat, ChatsApi } from './message-types.js';

const path = (chatId: string, userId?: string): string =>
  `/api/chats/${encodeURIComponent(chatId)}${userId === undefined ? '' : `/members/${encodeURIComponent(userId)}`}`;

/** The own chats. Remembers each as it was last told of, so that sending needs no question first. */
export class Chats implements ChatsApi {
  private readonly known = new Map<string, Chat>();

  constructor(
    private readonly http: Http,
    private readonly account: Account,
  ) {}

  list(): Paged<Chat> {
    return new Paged(async (cursor) => {
      const page = await this.http.json<{ items: Chat[]; nextCursor: string | null }>({
        method: 'GET',
        path: '/api/chats',
        query: { cursor },
      });
      for (const chat of page.items) this.remember(chat);
      return page;
    });
  }

  async get(chatId: string): Promise<Chat> {
    return this.remember(await this.http.json<Chat>({ method: 'GET', path: path(chatId) }));
  }

  /** As last told of; asked for where it was not. */
  async recall(chatId: string): Promise<Chat> {
    return this.known.get(chatId) ?? this.get(chatId);
  }

  remember(chat: Chat): Chat {
    this.known.set(chat.id, chat);
    return chat;
  }

  forget(chatId?: string): void {
    if (chatId === undefined) this.known.clear();
    else this.known.delete(chatId);
  }

  direct(userId: string): Promise<Chat> {
    // The direct chat of two exists once, so asking again makes no other.
    return this.create({ memberIds: [userId] }, true);
  }

  group(title: string, memberIds: readonly string[]): Promise<Chat> {
    return this.create({ title, memberIds }, false);
  }

  addMember(chatId: string, userId: string): Promise<void> {
    return this.change('PUT', chatId, userId);
  }

  removeMember(chatId: string, userId: string): Promise<void> {
    return this.change('DELETE', chatId, userId);
  }

  async leave(chatId: string): Promise<void> {
    await this.change('DELETE', chatId, await this.account.id());
  }

  private async create(body: Record<string, unknown>, idempotent: boolean): Promise<Chat> {
    return this.remember(
      await this.http.json<Chat>({ method: 'POST', path: '/api/chats', body, idempotent }),
    );
  }

  private async change(method: 'PUT' | 'DELETE', chatId: string, userId: string): Promise<void> {
    await this.http.done({ method, path: path(chatId, userId), idempotent: method === 'PUT' });
    this.forget(chatId);
  }
}
