import { Sealgate } from '@sealgate/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ClientPerson, signUp } from '../client/client.js';
import { cloneDatabase, type TestDatabase } from '../support/database.js';
import { badNetwork } from './support/bad-network.js';
import { type Cluster, startCluster } from './support/cluster.js';
import { pause } from './support/pace.js';
import { within } from './support/within.js';

/** `npm run test:faults` sends all; the short form is the same with fewer. */
const MESSAGES = process.env['FAULTS'] === 'long' ? 10_000 : 1_000;
const PAIRS = 5;
const EACH = MESSAGES / (2 * PAIRS);
const KILL_EVERY_MS = 4_000;

const FAULTS = { before: 0.03, after: 0.03, stream: 0.01 };
const RETRY = { retries: 3, baseDelayMs: 20, maxRetryAfter: 2 };

/** One of two who write to each other, over a network that loses requests, answers and streams. */
interface Writer {
  readonly name: string;
  readonly client: Sealgate;
  readonly chatId: string;
  /** Texts of messages of the chat, as the events brought them. */
  readonly heard: string[];
}

let database: TestDatabase;
let cluster: Cluster;
beforeAll(async () => {
  database = await cloneDatabase();
  cluster = await startCluster(database.url, {}, 3);
});
afterAll(async () => {
  await cluster.stop();
  await database.drop();
});

async function startPair(number: number): Promise<Writer[]> {
  const people = [await signUp(cluster.url), await signUp(cluster.url)];
  for (const { client } of people) await client.keys.ensure();
  const [first, second] = people as [ClientPerson, ClientPerson];
  const { id } = await first.client.chats.direct(second.id);
  return Promise.all(
    people.map((person, i) => follow(person, id, `${number}-${'ab'.charAt(i)}`, 2 * number + i)),
  );
}

/** Starts the same device anew, over the bad network. */
async function follow(
  { storage }: ClientPerson,
  chatId: string,
  name: string,
  seed: number,
): Promise<Writer> {
  const client = new Sealgate({
    baseUrl: cluster.url,
    storage,
    fetch: badNetwork(FAULTS, seed),
    retry: RETRY,
  });
  const heard: string[] = [];
  client.events.on('message', (item) => heard.push(item.kind === 'message' ? item.text : item.kind));
  let isReady = false;
  client.events.on('ready', () => (isReady = true));
  client.events.connect();
  await within(30_000, 'a stream of events', () => isReady);
  return { name, client, chatId, heard };
}

const textsOf = ({ name }: Writer): string[] => Array.from({ length: EACH }, (_, i) => `${name} ${i}`);

async function writeAll(writer: Writer): Promise<void> {
  for (const text of textsOf(writer)) await writer.client.outbox.add(writer.chatId, text);
  while ((await writer.client.outbox.list()).length > 0) {
    await writer.client.outbox.flush().catch(() => undefined);
    await pause(100);
  }
}

/** One replica after the other, until `isOver`. @returns how many. */
async function killReplicas(isOver: () => boolean): Promise<number> {
  for (let kills = 0; ; kills += 1) {
    const due = performance.now() + KILL_EVERY_MS;
    await within(
      60_000,
      'all replicas',
      () => isOver() || (performance.now() > due && cluster.replicas.length === 3),
    );
    if (isOver()) return kills;
    await cluster.replicas[kills % 3]?.kill();
  }
}

it(
  `brings each of ${MESSAGES} messages once and in order, while answers are lost, streams break and replicas die`,
  { timeout: 20 * 60_000 },
  async () => {
    const pairs: Writer[][] = [];
    for (let i = 0; i < PAIRS; i += 1) pairs.push(await startPair(i));
    const writers = pairs.flat();
    let isOver = false;
    const killing = killReplicas(() => isOver);
    const began = performance.now();
    await Promise.all(writers.map(writeAll));
    await within(60_000, 'everything is heard', () => writers.every(({ heard }) => heard.length >= 2 * EACH));
    isOver = true;
    const kills = await killing;
    console.info(
      `${MESSAGES} messages in ${Math.round((performance.now() - began) / 1000)} s; ${kills} replicas died`,
    );
    for (const pair of pairs)
      for (const { heard, client, chatId } of pair) {
        for (const from of pair)
          expect(heard.filter((text) => text.startsWith(`${from.name} `))).toEqual(textsOf(from));
        expect(heard).toHaveLength(2 * EACH);
        expect((await client.messages.history(chatId, { limit: 1 })).items).toMatchObject([
          { seq: 2 * EACH },
        ]);
        client.events.close();
      }
    expect(kills).toBeGreaterThan(0);
  },
);
