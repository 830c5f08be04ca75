import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { createLogger, LOGGER, NestLogger, type Logger } from './common/logging.js';
import { ConfigError } from './config/config.errors.js';
import { loadConfig } from './config/load-config.js';
import type { Environment } from './config/variables.js';
import { configureApp, createAdapter } from './configure-app.js';

/** Starts the server; a configuration that cannot work ends the process with a list of names and status 78. */
export async function launch(environment: Environment): Promise<NestFastifyApplication> {
  const config = readConfig(environment);
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot(config),
    createAdapter(config),
    {
      bodyParser: false,
      abortOnError: false,
      logger: new NestLogger(createLogger(config.logLevel)),
    },
  );
  configureApp(app, config);
  await app.listen(config.port, config.host);
  app.get<Logger>(LOGGER).info({ url: config.publicUrl }, 'Sealgate serves');
  return app;
}

function readConfig(environment: Environment): ReturnType<typeof loadConfig> {
  try {
    return loadConfig(environment);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    // EX_CONFIG of sysexits.h
    process.exit(78);
  }
}
