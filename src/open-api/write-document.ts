import 'reflect-metadata';
import { readFileSync, writeFileSync } from 'node:fs';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AppModule } from '../app.module.js';
import { loadConfig } from '../config/load-config.js';
import { createDocument, type ProblemCode } from './create-document.js';

// Part of the build. In preview mode Nest knows the controllers and makes none: no database, no secret is needed.
const target = process.argv[2] ?? 'dist/openapi.json';
const config = loadConfig({
  DATABASE_URL: 'postgres://preview',
  MASTER_KEY: 'a'.repeat(32),
  JWT_REFRESH_SECRET: 'b'.repeat(32),
  PASSWORD_PEPPER: 'c'.repeat(32),
});
const app = await NestFactory.create(AppModule.forRoot(config), new FastifyAdapter(), {
  preview: true,
  logger: false,
  abortOnError: false,
});
const problems = JSON.parse(
  readFileSync(new URL('../../problem-codes.json', import.meta.url), 'utf8'),
) as ProblemCode[];
writeFileSync(target, JSON.stringify(createDocument(app, problems)));
process.exit(0);
