import { openChat, signUpWithKeys } from '../lib/people.mjs';
import { startListener } from '../lib/processes.mjs';
import { request } from '../lib/requests.mjs';
import { interleave } from '../lib/rounds.mjs';
import { fillHistory } from '../lib/fill-history.mjs';
import { throughput, throughputRow } from '../lib/throughput.mjs';

const CONNECTIONS = 8;
const SECONDS = 2;
const MESSAGES = 1_000;

/** A page of 50 messages of 2 kB, the newest ones. */
export async function measure({ stack, load, profile }) {
  const database = await stack.createDatabase('history');
  const server = await stack.startSealgate(database, { BCRYPT_COST: '10' }, profile('history'));
  const reader = await signUpWithKeys(server.url, 'reader', 0);
  const writer = await signUpWithKeys(server.url, 'writer', 1);
  const { id: chatId } = await openChat(server.url, [reader, writer]);
  const chats = [{ chatId, readerId: reader.id, writerId: writer.id }];
  await fillHistory(database, { chats, each: MESSAGES, bytes: 1_100, keyBytes: 384 });
  const floor = await startListener('floors/history.mjs', { database, chatId, readerId: reader.id });
  const ask = (listener, path) =>
    throughput(load, listener, {
      connections: CONNECTIONS,
      seconds: SECONDS,
      requests: [request('GET', path, { authorization: `Bearer ${reader.accessToken}` })],
    });
  const path = `/api/messages/history/${chatId}`;
  await requireSame(server.url + path, floor.url + path, reader.accessToken);
  const found = await interleave({ floor: () => ask(floor, path), sealgate: () => ask(server, path) });
  for (const listener of [server, floor]) await listener.stop();
  const name = 'history page of 50, to the same rows by pg from bare Fastify';
  return [throughputRow(name, found.sealgate, found.floor, 0.8, 'pages')];
}

async function requireSame(url, other, token) {
  const bodies = await Promise.all(
    [url, other].map(async (each) =>
      (await fetch(each, { headers: { authorization: `Bearer ${token}` } })).json(),
    ),
  );
  if (JSON.stringify(bodies[0].items) !== JSON.stringify(bodies[1].items) || bodies[0].items.length !== 50)
    throw new Error('the floor answers with something else');
}
