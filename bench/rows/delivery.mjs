import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { call, openChat, seal, signUpWithKeys } from '../lib/people.mjs';
import { request } from '../lib/requests.mjs';
import { median, row } from '../lib/rounds.mjs';

const MESSAGES = 100;
const PAUSE_MS = 20;

/** One message at a time from one person to another: until it is on the reader's socket. */
export async function measure({ stack, profile }) {
  const database = await stack.createDatabase('delivery');
  const server = await stack.startSealgate(database, { BCRYPT_COST: '10' }, profile('delivery'));
  const pair = [await signUpWithKeys(server.url, 'sender', 0), await signUpWithKeys(server.url, 'reader', 1)];
  const { id: chatId } = await openChat(server.url, pair);
  const reader = await openStream(server.port, pair[1].accessToken);
  const [sent, stored] = [[], []];
  for (let i = 0; i < MESSAGES; i += 1) {
    const id = randomUUID();
    const envelope = await seal(pair, { id, chatId, text: 'x'.repeat(300) });
    const arrival = reader.next(id);
    const began = performance.now();
    const body = { id, chatId, envelope };
    const answered = call(server.url, 'POST', '/api/messages/send', body, pair[0].accessToken).then(() =>
      performance.now(),
    );
    const arrived = await arrival;
    sent.push(arrived - began);
    stored.push(arrived - (await answered));
    await delay(PAUSE_MS);
  }
  reader.close();
  await server.stop();
  const after = `${median(stored).toFixed(1)} ms after the sender's 201`;
  const name = "from sending a message to its event on the reader's socket, ms";
  return [row(name, median(sent), '≤', null, `median of ${MESSAGES}, one at a time; ${after}`)];
}

async function openStream(port, token) {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  let waiting = null;
  socket.on('data', (chunk) => {
    text += chunk.latin1Slice();
    if (waiting === null || !text.includes(waiting.id)) return;
    waiting.resolve(performance.now());
    waiting = null;
    text = '';
  });
  socket.write(request('GET', '/api/events', { authorization: `Bearer ${token}` }));
  while (!text.startsWith('HTTP/1.1 200')) await delay(10);
  return {
    next: (id) => new Promise((resolve) => (waiting = { id, resolve })),
    close: () => socket.destroy(),
  };
}
