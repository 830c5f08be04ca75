import { randomUUID } from 'node:crypto';
import { openChat, seal, signUpWithKeys } from '../lib/people.mjs';
import { pgbench } from '../lib/pgbench.mjs';
import { interleave, warmingUp } from '../lib/rounds.mjs';
import { scriptOf } from '../lib/send-script.mjs';
import { throughput, throughputRow } from '../lib/throughput.mjs';

const CLIENTS = 8;
const SECONDS = 3;

/** Sending messages of 2 kB in chats of two, each connection in a chat of its own. */
export async function measure({ stack, load, profile }) {
  const database = await stack.createDatabase('send');
  const server = await stack.startSealgate(database, { BCRYPT_COST: '10' }, profile('send'));
  const templates = await conversations(server.url, CLIENTS);
  // As many again for pgbench.
  const others = await conversations(server.url, CLIENTS, CLIENTS);
  const scripts = await Promise.all(others.map(scriptOf));
  const messages = { path: '/api/messages/send', templates };
  const found = await interleave({
    floor: () => pgbench(stack, database, scripts, SECONDS),
    sealgate: (round) =>
      throughput(load, server, {
        connections: CLIENTS,
        seconds: warmingUp(round, SECONDS),
        expect: '201',
        messages,
      }),
  });
  await server.stop();
  const name = `\`POST /api/messages/send\`, to pgbench with the same statements, ${CLIENTS} clients`;
  return [throughputRow(name, found.sealgate, found.floor, 0.5, 'messages')];
}

async function conversations(url, count, from = 0) {
  const found = [];
  for (let i = from; i < from + count; i += 1) {
    const pair = [
      await signUpWithKeys(url, `sender-${i}`, 2 * i),
      await signUpWithKeys(url, `reader-${i}`, 2 * i + 1),
    ];
    const { id: chatId } = await openChat(url, pair);
    // With its padding and what encryption adds, an envelope of about 2 kB beside the recipients' keys.
    const envelope = await seal(pair, { id: randomUUID(), chatId, text: 'x'.repeat(300) });
    const authorization = `Bearer ${pair[0].accessToken}`;
    found.push({ authorization, chatId, envelope, pair });
  }
  return found.map(({ pair, ...rest }) => ({
    ...rest,
    senderId: pair[0].id,
    people: pair.map(({ id, keys }) => ({ id, kid: keys.encryption.jwk.kid })),
  }));
}
