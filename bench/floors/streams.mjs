// Bare node:http: streams that are given the same bytes as the server's, whenever a message says so.
import { createServer } from 'node:http';

const streams = [];
const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write(':\n\n');
  streams.push(response);
});
process.on('message', ({ events, bytes }) => {
  const chunk = Buffer.alloc(bytes, 'x');
  for (let i = 0; i < events; i += 1) for (const stream of streams) stream.write(chunk);
  process.send({ done: true });
});
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
