// Bare node:http: streams that are given the same bytes as the server's, whenever a message says so.
import { createServer } from 'node:http';
import { setImmediate } from 'node:timers/promises';

const streams = [];
const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write(':\n\n');
  streams.push(response);
});
process.on('message', ({ events, bytes }) => {
  const head = 'event: message\ndata: ';
  void writeAll(events, Buffer.from(`${head.padEnd(bytes - 2, 'x')}\n\n`)).then(() =>
    process.send({ done: true }),
  );
});
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));

/** One event after the other, as messages come: at once, Node would join all that a stream is given into one write. */
async function writeAll(events, chunk) {
  for (let i = 0; i < events; i += 1) {
    for (const stream of streams) stream.write(chunk);
    await setImmediate();
  }
}
