import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startCluster, type Cluster } from './cluster.js';
import { Load } from './load.js';
import { PostgresProcess, type End } from './postgres-process.js';
import { within } from './within.js';

/** One test for each way in which a database may end. */
export function restartTests(ways: [name: string, end: End][]): void {
  let database: PostgresProcess;
  let cluster: Cluster;
  let load: Load;
  beforeEach(async () => {
    database = await PostgresProcess.create();
    cluster = await startCluster(database.url);
    load = await Load.start(cluster);
  });
  afterEach(async () => {
    await cluster?.stop();
    await database.destroy();
  });

  describe('a restart of the database', () => {
    it.each(ways)('%s: loses nothing, doubles nothing, signs nobody out', async (_name, how) => {
      const before = load.tally.refused;
      await database.end(how);
      await within(20_000, 'requests are refused', () => load.tally.refused > before + 20);
      await database.start();
      await load.settles();
      await load.finish();
      // Nobody restarted a replica for that.
      expect(cluster.replicas.map(({ child }) => child.exitCode)).toEqual([null, null]);
    });
  });
}
