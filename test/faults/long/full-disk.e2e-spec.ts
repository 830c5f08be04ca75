import { spawnSync } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { startCluster, type Cluster } from '../support/cluster.js';
import { Load } from '../support/load.js';
import { PostgresProcess } from '../support/postgres-process.js';
import { within } from '../support/within.js';

const DISK = '400m';
const directory = await mkdtemp(join(tmpdir(), 'sealgate-disk-'));
/** Only the superuser may, and not in every container. */
const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK}`, 'tmpfs', directory]).status === 0;

afterAll(async () => {
  if (isMounted) spawnSync('umount', [directory]);
  await rm(directory, { recursive: true, force: true });
});

describe.skipIf(!isMounted)('a disk of the database that is full', () => {
  const ballast = join(directory, 'ballast');
  let database: PostgresProcess;
  let cluster: Cluster;
  beforeAll(async () => {
    database = await PostgresProcess.create({ shared_buffers: '16MB', max_wal_size: '64MB' }, directory);
    cluster = await startCluster(database.url);
  });
  afterAll(async () => {
    await cluster?.stop();
    await rm(ballast, { force: true });
    await database.end('SIGQUIT');
  });

  /** Writes until there is no room for another byte. */
  async function fill(): Promise<void> {
    const file = await open(ballast, 'w');
    for (const size of [1 << 20, 4_096]) {
      const bytes = Buffer.alloc(size);
      while (await file.write(bytes).then(isWritten(size), () => false));
    }
    await file.close();
  }

  it('is 503 for who wants to write, loses nothing, and is over once there is room again', async () => {
    const load = await Load.start(cluster);
    const before = load.tally.refused;
    await fill();
    await within(60_000, 'requests are refused', () => load.tally.refused > before + 20);
    await rm(ballast);
    // Where the log itself found no room PostgreSQL ends, and its supervisor starts it.
    await database.start();
    await load.settles();
    await load.finish();
  });
});

function isWritten(size: number): (result: { bytesWritten: number }) => boolean {
  return ({ bytesWritten }) => bytesWritten === size;
}
