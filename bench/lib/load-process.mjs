// The load generator: one process of its own. Keep-alive connections, one request at a time on each, and as little
// work per answer as possible: what it costs is taken from the server's two cores.
import { connect } from 'node:net';
import { nextRequests } from './requests.mjs';

process.on('message', (job) => {
  run(job).then(
    (result) => process.send(result),
    (error) => process.send({ error: error.message }),
  );
});
process.send({ port: 0 });

/** Until the time is over, or so many are sent. @returns how many answers came, and how many were not as expected. */
async function run({ port, connections, seconds, count = Infinity, expect = '200', ...kind }) {
  const tally = { answers: 0, others: 0, sample: '', isOver: false, left: count, lastAt: 0 };
  const { nextFor, left } = nextRequests(kind);
  const clients = await Promise.all(
    Array.from({ length: connections }, (_, i) => open(port, nextFor(i), Buffer.from(expect), tally)),
  );
  const began = performance.now();
  for (const client of clients) client.go();
  if (seconds === undefined) await Promise.all(clients.map(({ idle }) => idle));
  else await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  // Up to the last answer: of a few slow ones, the one that is half done must not decide.
  const { answers, others, sample } = tally;
  const took = (tally.lastAt - began) / 1000;
  tally.isOver = true;
  await Promise.all(clients.map(({ idle }) => idle));
  return { perSecond: answers / took, answers, others, sample, ...left() };
}

async function open(port, next, expected, tally) {
  const socket = connect(port, '127.0.0.1').setNoDelay(true);
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  let finish;
  const idle = new Promise((resolve) => (finish = resolve));
  const send = (answer) => {
    const request = next(answer);
    if (!tally.isOver && tally.left-- > 0) return void socket.write(request);
    socket.destroy();
    finish();
  };
  let held = null;
  socket.on('data', (chunk) => {
    held = held === null ? chunk : Buffer.concat([held, chunk]);
    if (held.length < lengthOf(held)) return;
    const answer = held;
    held = null;
    if (answer.compare(expected, 0, 3, 9, 12) === 0) {
      tally.answers += 1;
      tally.lastAt = performance.now();
    } else {
      tally.others += 1;
      tally.sample ||= answer.toString();
    }
    send(answer);
  });
  socket.on('error', (error) => ((tally.others += 1), (tally.sample ||= error.message), finish()));
  socket.on('close', finish);
  return { go: () => send(null), idle };
}

/** How long the answer is that begins here; infinite until its head has come. */
function lengthOf(bytes) {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) return Infinity;
  const head = bytes.latin1Slice(0, end).toLowerCase();
  const at = head.indexOf('\r\ncontent-length: ');
  return at === -1 ? end + 4 : end + 4 + Number.parseInt(head.slice(at + 18), 10);
}
