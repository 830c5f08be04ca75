import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startCluster, type Cluster } from './support/cluster.js';
import { Load } from './support/load.js';
import { PostgresProcess, type End } from './support/postgres-process.js';
import { within } from './support/within.js';

let database: PostgresProcess;
let cluster: Cluster;
let load: Load;
beforeEach(async () => {
  database = await PostgresProcess.create();
  cluster = await startCluster(database.url);
  load = await Load.start(cluster);
});
afterEach(async () => {
  await cluster.stop();
  await database.destroy();
});

describe('a restart of the database', () => {
  it.each<[string, End]>([
    ['fast', 'SIGINT'],
    ['immediate', 'SIGQUIT'],
    ['after kill -9', 'SIGKILL'],
  ])('%s: loses nothing, doubles nothing, signs nobody out', async (_name, how) => {
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
