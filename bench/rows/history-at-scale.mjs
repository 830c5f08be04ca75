import { fillHistory } from '../lib/fill-history.mjs';
import { openChat, signUpWithKeys } from '../lib/people.mjs';
import { request } from '../lib/requests.mjs';
import { interleave, ratio, row } from '../lib/rounds.mjs';
import { throughput } from '../lib/throughput.mjs';

const CONNECTIONS = 8;
const SECONDS = 2;
const CHATS = 10;
const EACH = 1_000;
/** 10 000 000 rows in all. */
const OTHERS = 9_990;

/**
 * The same pages, from all over the same ten chats, out of 10 thousand messages and out of 10 million. Short ones, so
 * that the large table is there within a minute; on both sides the same.
 */
export async function measure({ stack, load, profile }) {
  const small = await prepared(stack, 'history_small', 0, []);
  const large = await prepared(stack, 'history_large', OTHERS, profile('history'));
  const ask = async ({ server, requests }) =>
    throughput(load, server, { connections: CONNECTIONS, seconds: SECONDS, requests });
  const found = await interleave({ small: () => ask(small), large: () => ask(large) });
  for (const { server } of [small, large]) await server.stop();
  const times = (rounds) => rounds.map(({ perSecond }) => CONNECTIONS / perSecond);
  const seconds = (rounds) => Math.round(times(rounds).toSorted((a, b) => a - b)[rounds.length >> 1] * 1e6);
  return [
    row(
      'history page of 50, time at 10 million rows to time at 10 thousand',
      ratio(times(found.large), times(found.small)),
      '≤',
      1.2,
      `${seconds(found.large)} µs to ${seconds(found.small)} µs a page, ${CONNECTIONS} connections`,
    ),
  ];
}

async function prepared(stack, name, others, options) {
  const database = await stack.createDatabase(name);
  const server = await stack.startSealgate(database, { BCRYPT_COST: '10' }, options);
  const reader = await signUpWithKeys(server.url, 'reader', 0);
  const writer = await signUpWithKeys(server.url, 'writer', 1);
  const chats = [];
  for (let i = 0; i < CHATS; i += 1) {
    const { id } = await openChat(server.url, [reader, writer], `chat ${i}`);
    chats.push({ chatId: id, readerId: reader.id, writerId: writer.id });
  }
  await fillHistory(database, { chats, others, each: EACH, bytes: 60, keyBytes: 30 });
  const authorization = `Bearer ${reader.accessToken}`;
  // Each connection asks for one page again and again; together, for pages from all over the chats.
  const requests = Array.from({ length: CONNECTIONS }, (_, i) => {
    const { chatId } = chats[i % CHATS];
    return request('GET', `/api/messages/history/${chatId}?before=${EACH - i * 100}`, { authorization });
  });
  return { server, requests };
}
