import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { openChat, seal, signUpWithKeys } from '../lib/people.mjs';
import { startListener } from '../lib/processes.mjs';
import { request } from '../lib/requests.mjs';
import { interleave, median, ratio, row } from '../lib/rounds.mjs';

const STREAMS = 1_000;
/** As many as one person may have. */
const STREAMS_EACH = 20;
const PEOPLE = STREAMS / STREAMS_EACH;
const MESSAGES = 40;
const MEMORY_ROUNDS = 5;
const REST_MS = 1_500;

/** A thousand streams of fifty people in one chat: each message goes to all of them. And what an idle one holds. */
export async function measure({ stack, load, profile }) {
  const database = await stack.createDatabase('fan_out');
  const server = await stack.startSealgate(database, { BCRYPT_COST: '10' }, profile('fan-out'));
  const people = [];
  for (let i = 0; i < PEOPLE; i += 1) people.push(await signUpWithKeys(server.url, `person-${i}`, i));
  const { id: chatId } = await openChat(server.url, people, 'all');
  const [{ accessToken }] = people;
  const envelope = await seal(people, { id: randomUUID(), chatId, text: 'x'.repeat(300) });
  const templates = [{ authorization: `Bearer ${accessToken}`, chatId, envelope }];

  const [own, bare] = [
    await startListener('lib/stream-process.mjs'),
    await startListener('lib/stream-process.mjs'),
  ];
  const floor = await startListener('floors/streams.mjs');
  await ask(own, { kind: 'open', port: server.port, requests: streamRequests(people) });
  await ask(bare, { kind: 'open', port: floor.port, requests: streamRequests(people) });
  // To see how many bytes a message is on all streams; heartbeats of all of them may come with one, but not with each.
  const sizes = [];
  for (let i = 0; i < 3; i += 1) sizes.push(await bytesOfOne({ own, server, load, templates }));
  const bytes = Math.min(...sizes);
  const found = await interleave({
    floor: () => timed(bare, () => floor.ask({ events: MESSAGES, bytes })),
    sealgate: () =>
      timed(own, () =>
        load({
          port: server.port,
          connections: 4,
          count: MESSAGES,
          expect: '201',
          messages: { path: SEND, templates },
        }),
      ),
  });
  for (const listener of [own, bare, floor, server]) await listener.stop();
  const rates = (rounds) => rounds.map((ms) => (MESSAGES * STREAMS * 1000) / ms);
  const rate = (rounds) => Math.round(median(rates(rounds)));
  const memory = await memoryOfIdle(stack, database, people);
  return [
    row(
      `SSE fan-out to ${STREAMS} streams, to bare node:http writing the same bytes`,
      ratio(rates(found.sealgate), rates(found.floor)),
      '≥',
      0.5,
      `${rate(found.sealgate)} to ${rate(found.floor)} events a second, ${MESSAGES} messages to ${PEOPLE} people, sending them included`,
    ),
    row('memory per idle stream, kB', median(memory), '≤', 40, `${STREAMS} streams, resident memory`),
  ];
}

const SEND = '/api/messages/send';

function streamRequests(people) {
  return people.flatMap(({ accessToken }) =>
    Array.from({ length: STREAMS_EACH }, () =>
      request('GET', '/api/events', { authorization: `Bearer ${accessToken}` }),
    ),
  );
}

async function bytesOfOne({ own, server, load, templates }) {
  await ask(own, { kind: 'settle', ms: 500 });
  await ask(own, { kind: 'reset' });
  await load({
    port: server.port,
    connections: 1,
    count: 1,
    expect: '201',
    messages: { path: SEND, templates },
  });
  const { bytes } = await ask(own, { kind: 'settle', ms: 1_000 });
  return Math.floor(bytes / STREAMS);
}

/** @returns milliseconds from the first message until all streams have been given all of them. */
async function timed(client, work) {
  await ask(client, { kind: 'settle', ms: 300 });
  await ask(client, { kind: 'reset' });
  const began = performance.now();
  const [{ ms }] = await Promise.all([
    ask(client, { kind: 'receive', events: STREAMS * MESSAGES }).then(() => ({
      ms: performance.now() - began,
    })),
    work(),
  ]);
  return ms;
}

/** Servers that have served streams before, so that only what a stream holds is counted. */
async function memoryOfIdle(stack, database, people) {
  const found = [];
  for (let round = 0; round < MEMORY_ROUNDS; round += 1) {
    const server = await stack.startSealgate(database, { BCRYPT_COST: '10' });
    const client = await startListener('lib/stream-process.mjs');
    const requests = streamRequests(people);
    await ask(client, { kind: 'open', port: server.port, requests: requests.slice(0, 200) });
    await ask(client, { kind: 'close' });
    await delay(REST_MS);
    const before = server.residentKb();
    await ask(client, { kind: 'open', port: server.port, requests });
    await delay(REST_MS);
    found.push((server.residentKb() - before) / STREAMS);
    await Promise.all([client.stop(), server.stop()]);
  }
  return found;
}

async function ask(listener, job) {
  const answer = await listener.ask(job);
  if (answer.error) throw new Error(answer.error);
  return answer;
}
