import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import type { FastifyInstance } from 'fastify';
import { AppModule } from '../../src/app.module.js';
import { Clock } from '../../src/common/time/clock.js';
import { loadConfig } from '../../src/config/load-config.js';
import { configureApp, createAdapter } from '../../src/configure-app.js';
import { Browser } from './browser.js';
import { cloneDatabase, type TestDatabase } from './database.js';
import { SECRETS } from './secrets.js';
import { TestClock } from './test-clock.js';

/** The origin that the server believes to have; requests go to `baseUrl`. */
export const PUBLIC_URL = 'http://localhost:3000';

/** A route as the running router knows it. */
export interface TestRoute {
  method: string;
  url: string;
}

export interface TestApp {
  app: NestFastifyApplication;
  /** Every route that the router serves, so that tests of all routes cover those that come later. */
  routes: readonly TestRoute[];
  baseUrl: string;
  database: TestDatabase;
  clock: TestClock;
  browser(headers?: Record<string, string>): Browser;
  close(): Promise<void>;
}

/**
 * The whole server on a database of its own, on a free port. Limits per address are off the way (all tests come
 * from one address) unless a test sets them.
 * @param database another replica's, to run two on one database.
 */
export async function startTestApp(
  environment: Record<string, string> = {},
  database?: TestDatabase,
): Promise<TestApp> {
  const own = database ?? (await cloneDatabase());
  const dataDir = await mkdtemp(join(tmpdir(), 'sealgate-app-'));
  const config = loadConfig({
    NODE_ENV: 'test',
    PUBLIC_URL,
    DATA_DIR: dataDir,
    DATABASE_URL: own.url,
    BCRYPT_COST: '4',
    LOG_LEVEL: 'silent',
    RATE_LIMIT_FACTOR: '1000',
    ...SECRETS,
    ...environment,
  });
  const clock = new TestClock();
  const module = await Test.createTestingModule({ imports: [AppModule.forRoot(config)] })
    .overrideProvider(Clock)
    .useValue(clock)
    .compile();
  const app = module.createNestApplication<NestFastifyApplication>(createAdapter(config), {
    bodyParser: false,
    logger: false,
  });
  const routes = watchRoutes(app);
  configureApp(app, config);
  await app.listen(0, '127.0.0.1');
  const baseUrl = await app.getUrl();
  return {
    app,
    routes,
    baseUrl,
    database: own,
    clock,
    browser: (headers) => new Browser(baseUrl, headers),
    close: async () => {
      await app.close();
      if (database === undefined) await own.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Asks Fastify itself, before Nest registers anything: no list of controllers can forget one. */
function watchRoutes(app: NestFastifyApplication): TestRoute[] {
  const routes: TestRoute[] = [];
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  fastify.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) routes.push({ method: one, url });
  });
  return routes;
}
