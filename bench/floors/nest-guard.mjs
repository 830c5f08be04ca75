// Bare Nest on Fastify with the server's headers and body, behind one guard that lets everybody in.
import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';

const { path, headers, body } = JSON.parse(process.env.OPTIONS);
const answer = JSON.parse(body);

class Answers {
  give() {
    return answer;
  }
}
class EverybodyGuard {
  async canActivate() {
    return true;
  }
}
class AppModule {}
// Decorators, by hand: this file is not compiled.
Get(path)(Answers.prototype, 'give', Object.getOwnPropertyDescriptor(Answers.prototype, 'give'));
Controller()(Answers);
Module({ controllers: [Answers], providers: [{ provide: APP_GUARD, useClass: EverybodyGuard }] })(AppModule);

const app = await NestFactory.create(AppModule, new FastifyAdapter(), { logger: false });
app
  .getHttpAdapter()
  .getInstance()
  .addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers);
    done();
  });
await app.listen(0, '127.0.0.1');
process.send({ port: app.getHttpServer().address().port });
