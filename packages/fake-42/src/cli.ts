import { parseArgs } from 'node:util';
import { startFake42 } from './server.js';

const USAGE = `Usage: node cli.js --client-id ID --redirect-uri URI [--redirect-uri URI ...]
  [--client-secret SECRET] [--port PORT] [--host HOST] [--auto-approve LOGIN] [--rate-limit]`;

/** Runs the fake 42 by itself, until interrupted. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      'client-id': { type: 'string' },
      'client-secret': { type: 'string', default: 'fake-42-secret' },
      'redirect-uri': { type: 'string', multiple: true },
      port: { type: 'string', default: '4242' },
      host: { type: 'string', default: '127.0.0.1' },
      'auto-approve': { type: 'string' },
      'rate-limit': { type: 'boolean', default: false },
    },
  });
  const clientId = values['client-id'];
  const redirectUris = values['redirect-uri'];
  const port = Number(values.port);
  if (!clientId || !redirectUris || !Number.isInteger(port)) throw new TypeError(USAGE);

  const fake = await startFake42({
    port,
    host: values.host,
    clientId,
    clientSecret: values['client-secret'],
    redirectUris,
    autoApprove: values['auto-approve'] ?? false,
    rateLimit: values['rate-limit'],
  });
  console.log(`The fake 42 listens on ${fake.url}`);
  const stop = () => void fake.close();
  process.once('SIGINT', stop).once('SIGTERM', stop);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
