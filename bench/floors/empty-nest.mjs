// An empty Nest app on Fastify: one module, one route.
import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';

class ReadyController {
  ready() {
    return 'ready';
  }
}
class AppModule {}
// Decorators, by hand: this file is not compiled.
Get()(
  ReadyController.prototype,
  'ready',
  Object.getOwnPropertyDescriptor(ReadyController.prototype, 'ready'),
);
Controller('readyz')(ReadyController);
Module({ controllers: [ReadyController] })(AppModule);

const app = await NestFactory.create(AppModule, new FastifyAdapter(), { logger: false });
await app.listen(Number(process.env.PORT), '127.0.0.1');
