import type { FastifyReply } from 'fastify';

/** Lets a handler return JSON text as it is: Fastify would write it as a JSON string. Not before what may throw. */
export function asJsonText(reply: FastifyReply): void {
  void reply.type('application/json; charset=utf-8').serializer((text: unknown) => text as string);
}
