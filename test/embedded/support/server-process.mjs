// One Sealgate's worth of process around the launcher: told by lines on stdin, tells by JSON lines on stdout, so that
// a test can kill it at a point that it knows.
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const [, , launcher, optionsJson, dependency] = process.argv;
const { startEmbeddedPostgres } = await import(pathToFileURL(launcher).href);
const { default: pg } = await import(pathToFileURL(dependency).href);
const tell = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

let server;
try {
  server = await startEmbeddedPostgres({
    ...JSON.parse(optionsJson),
    log: (message, details) => tell({ type: 'log', message, details }),
  });
} catch (error) {
  tell({ type: 'refused', code: error.code, message: error.message });
  process.exit(1);
}

async function write(writer) {
  const client = new pg.Client(server.url);
  client.on('error', () => undefined);
  await client.connect();
  for (let n = 0; ; n += 1) {
    const id = `${process.pid}-${writer}-${n}`;
    await client.query('INSERT INTO written (id, body) VALUES ($1, $2)', [id, 'x'.repeat(1000)]);
    tell({ type: 'acked', id });
  }
}

async function drain() {
  const client = new pg.Client(server.url);
  await client.connect();
  const { rows } = await client.query('SELECT 1 AS answer');
  await client.end();
  tell({ type: 'drained', answer: rows[0].answer });
  await server.stop();
  process.exit(0);
}

process.on('SIGINT', () => void drain());
createInterface({ input: process.stdin }).on('line', (line) => void obey(line));

async function obey(line) {
  if (line === 'write') for (let writer = 0; writer < 8; writer += 1) write(writer).catch(() => undefined);
  if (line === 'stop') {
    await server.stop();
    tell({ type: 'stopped' });
    process.exit(0);
  }
}

tell({ type: 'ready', url: server.url, version: server.version });
