// `npm run cluster`: replicas of the built server on one PostgreSQL, behind a small balancer.
//   npm run cluster -- --replicas 3   two without it
//   npm run cluster -- --port 8080    where the balancer listens; PORT or 3000 without it
// A line `r` on standard input, or SIGHUP, replaces the replicas one after the other; Ctrl-C stops them all.
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { prepare } from './lib/prepare.mjs';

prepare();
const { Cluster } = await import('./cluster/cluster.mjs');
const { findDatabase } = await import('./cluster/database.mjs');
const { standInFor42 } = await import('./cluster/stand-in.mjs');

const { values: options } = parseArgs({
  options: {
    replicas: { type: 'string', default: '2' },
    port: { type: 'string', default: process.env.PORT || '3000' },
  },
});
const replicas = Number(options.replicas);
const port = Number(options.port);
if (!Number.isInteger(replicas) || replicas < 1 || replicas > 32 || !Number.isInteger(port)) {
  console.error('Usage: npm run cluster -- [--replicas 1..32] [--port n]');
  process.exit(64);
}

const log = (message) => console.error(message);
const signalled = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
const database = await findDatabase(process.env, resolve(process.env.DATA_DIR || '.sealgate'), log);
const publicUrl = process.env.PUBLIC_URL || `http://localhost:${port}`;
const fortyTwo = await standInFor42(process.env, publicUrl);
const environment = { ...process.env, ...database.environment, ...fortyTwo.environment };
try {
  const cluster = await Cluster.start({
    replicas,
    environment: { TRUSTED_PROXIES: '1', ...environment, PUBLIC_URL: publicUrl },
    port,
    log,
  });
  console.log(
    `${replicas} replicas serve ${publicUrl}. A line "r" restarts them in turn; Ctrl-C stops them.`,
  );
  const restart = () => void cluster.rollingRestart().catch((error) => log(error.message));
  process.on('SIGHUP', restart);
  createInterface({ input: process.stdin }).on('line', (line) => line.trim() === 'r' && restart());
  await signalled;
  await cluster.stop();
} catch (error) {
  log(error.message);
  process.exitCode = 1;
} finally {
  await fortyTwo.close();
  await database.stop();
}
process.exit();
