import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cloneDatabase, type TestDatabase } from '../../support/database.js';
import { startCluster, type Cluster } from '../support/cluster.js';
import { Load } from '../support/load.js';

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

describe('a rolling restart', () => {
  it('is noticed by nobody', async () => {
    const before = cluster.replicas.map(({ port }) => port);
    await cluster.rollingRestart();
    expect(cluster.replicas.filter(({ port }) => before.includes(port))).toEqual([]);
    await load.settles();
    expect(await load.finish()).toMatchObject({ refused: 0, broken: 0 });
  });
});
