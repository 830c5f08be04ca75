// Bare Fastify with one answer: the bytes that the server gave.
import fastify from 'fastify';

const { path, headers, body } = JSON.parse(process.env.OPTIONS);
const app = fastify();
app.get(path, (_request, reply) => reply.headers(headers).send(body));
await app.listen({ port: 0, host: '127.0.0.1' });
process.send({ port: app.server.address().port });
