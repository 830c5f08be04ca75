// Holds event streams open and counts what comes: one process of its own.
import { connect } from 'node:net';

const sockets = [];
let received = 0;
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
    return {};
  },
  /** Resolves when so many bytes have come since the last reset, over all streams. */
  receive: ({ bytes }) =>
    new Promise((resolve) => {
      waiting = { bytes, resolve };
      tell();
    }),
  /** Resolves when nothing came for a while. */
  settle: async ({ ms }) => {
    for (let before = -1; before !== received;) {
      before = received;
      await new Promise((resolve) => setTimeout(resolve, ms));
    }
    return { received };
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
  socket.on('data', (chunk) => {
    received += chunk.length;
    tell();
  });
  socket.on('error', () => undefined);
  sockets.push(socket);
}

function tell() {
  if (waiting === null || received < waiting.bytes) return;
  waiting.resolve({ received });
  waiting = null;
}
