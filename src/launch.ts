import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { createLogger, NestLogger } from './common/logging.js';
import { traceRequests } from './common/tracing.js';
import { ConfigError } from './config/config.errors.js';
import { loadConfig } from './config/load-config.js';
import type { Environment } from './config/variables.js';
import { configureApp, createAdapter } from './configure-app.js';

/** EX_CONFIG of sysexits.h: a supervisor need not try again. */
const EXIT_CONFIG = 78;

/** Starts the server, or ends the process with what is wrong: names of variables, never values. */
export async function launch(environment: Environment): Promise<void> {
  try {
    await serve(environment);
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(error instanceof ConfigError ? EXIT_CONFIG : 1);
  }
}

async function serve(environment: Environment): Promise<void> {
  const config = loadConfig(environment);
  const logger = createLogger(config.logLevel);
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot(config, logger),
    createAdapter(config),
    { bodyParser: false, abortOnError: false, logger: new NestLogger(logger) },
  );
  if (config.tracing !== null) await traceRequests(app.getHttpAdapter().getInstance(), config.tracing);
  configureApp(app, config);
  try {
    await app.listen(config.port, config.host);
  } catch (error) {
    // Stops the database that was started for it.
    await app.close();
    throw error;
  }
  logger.info({ url: config.publicUrl }, 'Sealgate serves');
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return 'Sealgate could not start.';
  const { code, port, syscall } = error as { code?: unknown; port?: unknown; syscall?: unknown };
  if (code === 'EADDRNOTAVAIL' && syscall === 'listen') return 'HOST is not an address of this machine.';
  if (code === 'EADDRINUSE') return `Port ${String(port)} is taken: stop what listens there, or set PORT.`;
  return error instanceof ConfigError ? error.message : `Sealgate could not start: ${error.message}`;
}
