import type { Server } from 'node:http';
import { expect } from 'vitest';
import { registerKeys, seal, send, type KeyHolder } from '../../support/keys.js';
import { signUp } from '../../support/people.js';
import type { TestApp } from '../../support/test-app.js';

/** So many people with keys. */
export async function people(server: TestApp, count: number): Promise<KeyHolder[]> {
  return Promise.all(Array.from({ length: count }, async () => registerKeys(await signUp(server))));
}

/** @param creator the owner, where it is a group. */
export async function startChat(
  creator: KeyHolder,
  others: readonly KeyHolder[],
  title?: string,
): Promise<string> {
  const body = { memberIds: others.map(({ user }) => user.id), ...(title === undefined ? {} : { title }) };
  const answer = await creator.browser.post('/api/chats', body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body.id;
}

/** Seals and sends one after the other. @returns the ids of the messages. */
export async function sendMany(
  from: KeyHolder,
  chatId: string,
  to: readonly KeyHolder[],
  count: number,
): Promise<string[]> {
  const ids: string[] = [];
  for (let i = 0; i < count; i++) ids.push((await send(from, await seal(from, chatId, to))).id);
  return ids;
}

/** The same person with the same session, on another replica. */
export function onReplica<H extends KeyHolder>(holder: H, replica: TestApp): H {
  const browser = replica.browser();
  for (const [name, cookie] of holder.browser.cookies) browser.cookies.set(name, cookie);
  return { ...holder, browser };
}

/**
 * Closes servers whose clients all ran at once: `fetch` then keeps connections in stock that never carry a request,
 * which Node does not count as idle, and would wait for.
 */
export async function shutDown(...servers: readonly TestApp[]): Promise<void> {
  for (const server of servers) {
    const http: Server = server.app.getHttpServer();
    http.closeAllConnections();
    await server.close();
  }
}
