// Holds event streams open and counts what comes: one process of its own.
import { connect } from 'node:net';

/** Stands once in each message's event, and in nothing else that a stream is given. */
const MARK = Buffer.from('event: message\n');
const REST = MARK.length - 1;
const sockets = [];
/** Events, over all streams. */
let received = 0;
let bytes = 0;
let waiting = null;

const jobs = {
  /** Opens a stream for each request. */
  open: async ({ port, requests }) => {
    for (const request of requests) await open(port, request);
    return { open: sockets.length };
  },
  /** Counts anew from here on. */
  reset: async () => {
    received = 0;
    bytes = 0;
    return {};
  },
  /** Resolves when so many events have come since the last reset, over all streams. */
  receive: ({ events }) =>
    new Promise((resolve) => {
      waiting = { events, resolve };
      tell();
    }),
  /** Resolves when nothing came for a while. */
  settle: async ({ ms }) => {
    for (let before = -1; before !== bytes;) {
      before = bytes;
      await new Promise((resolve) => setTimeout(resolve, ms));
    }
    return { received, bytes };
  },
  close: async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    return {};
  },
};

process.on('message', ({ kind, ...job }) => {
  jobs[kind](job).then(
    (result) => process.send(result),
    (error) => process.send({ error: error.message }),
  );
});
process.send({ port: 0 });

async function open(port, request) {
  const socket = connect(port, '127.0.0.1');
  await new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('connect', () => socket.write(request));
    socket.once('data', (head) =>
      head.latin1Slice(9, 12) === '200' ? resolve() : reject(new Error(head.latin1Slice())),
    );
  });
  // Shorter than a mark: what is found with it and was not found without is one that two reads share.
  let rest = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    bytes += chunk.length;
    received += marksIn(chunk) + marksIn(Buffer.concat([rest, chunk.subarray(0, REST)]));
    rest = (chunk.length < REST ? Buffer.concat([rest, chunk]) : chunk).subarray(-REST);
    tell();
  });
  socket.on('error', () => undefined);
  sockets.push(socket);
}

function marksIn(chunk) {
  let found = 0;
  for (let at = chunk.indexOf(MARK); at >= 0; at = chunk.indexOf(MARK, at + MARK.length)) found += 1;
  return found;
}

function tell() {
  if (waiting === null || received < waiting.events) return;
  waiting.resolve({ received });
  waiting = null;
}
