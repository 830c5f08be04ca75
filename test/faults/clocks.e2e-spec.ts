import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'vitest';
import { cloneDatabase, type TestDatabase } from '../support/database.js';
import { startCluster, type Cluster, type Replica } from './support/cluster.js';
import { Load } from './support/load.js';
import { within } from './support/within.js';

/** Where Debian's package faketime puts its library, for whichever processor. */
const libraries = (await readdir('/usr/lib').catch(() => []))
  .map((name) => join('/usr/lib', name, 'faketime/libfaketimeMT.so.1'))
  .filter((path) => existsSync(path));

describe.skipIf(libraries.length === 0)('clocks of the replicas that jump', () => {
  let directory: string;
  let database: TestDatabase;
  let cluster: Cluster;
  let load: Load;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sealgate-clock-'));
    await jump('+0');
    database = await cloneDatabase();
    cluster = await startCluster(database.url, {
      LD_PRELOAD: libraries[0]!,
      FAKETIME_TIMESTAMP_FILE: join(directory, 'offset'),
      FAKETIME_NO_CACHE: '1',
      // As a corrected clock does: what measures durations goes on.
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    });
    load = await Load.start(cluster);
  });
  afterEach(async () => {
    await cluster?.stop();
    await database.drop();
    await rm(directory, { recursive: true });
  });

  /** Seconds from the true time. Renamed, so that nobody reads half of it. */
  async function jump(offset: string): Promise<void> {
    await writeFile(join(directory, 'next'), offset);
    await rename(join(directory, 'next'), join(directory, 'offset'));
  }

  /** What the replica's clock says, by the `date` of its answers. */
  async function minutesOff({ port }: Replica): Promise<number> {
    const { headers } = await fetch(`http://127.0.0.1:${port}/healthz`);
    return Math.round((Date.parse(headers.get('date') ?? '') - Date.now()) / 60_000);
  }

  it('ten minutes ahead, twenty back, and home: nothing is lost, and nobody signed out', async () => {
    for (const offset of ['+600', '-600', '+0']) {
      await jump(offset);
      for (const replica of cluster.replicas)
        // Node renews the header once a second.
        await within(5_000, `a clock at ${offset}`, async () => {
          return (await minutesOff(replica)) === Number(offset) / 60;
        });
      await load.settles();
    }
    await load.finish();
  });
});
