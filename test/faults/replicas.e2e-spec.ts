import { afterEach, beforeEach, describe, it } from 'vitest';
import { cloneDatabase, type TestDatabase } from '../support/database.js';
import { startCluster, type Cluster } from './support/cluster.js';
import { Load } from './support/load.js';
import { within } from './support/within.js';

let database: TestDatabase;
let cluster: Cluster;
let load: Load;
beforeEach(async () => {
  database = await cloneDatabase();
  cluster = await startCluster(database.url);
  load = await Load.start(cluster);
});
afterEach(async () => {
  await cluster?.stop();
  await database.drop();
});

describe('a replica that is killed', () => {
  it('takes nothing with it but the answers that were due, and is replaced', async () => {
    const [victim] = cluster.replicas;
    await victim!.kill();
    await load.settles();
    await within(20_000, 'another replica', () => cluster.replicas.length === 2);
    await load.finish();
  });
});
