import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Browser } from '../../support/browser.js';
import { PASSWORD } from '../../support/people.js';
import { startCluster, type Cluster } from '../support/cluster.js';
import { Load } from '../support/load.js';
import { hasSystemPostgres, PostgresProcess } from '../support/postgres-process.js';
import { TcpSwitch } from '../support/tcp-switch.js';
import { within } from '../support/within.js';

describe.skipIf(!hasSystemPostgres)('a fail-over to a streaming standby', () => {
  let primary: PostgresProcess;
  let standby: PostgresProcess;
  let address: TcpSwitch;
  let cluster: Cluster;
  let load: Load;
  beforeEach(async () => {
    primary = await PostgresProcess.create();
    standby = await PostgresProcess.standbyOf(primary);
    address = await TcpSwitch.start(primary.port);
    cluster = await startCluster(primary.urlAt(address.port));
    load = await Load.start(cluster);
  });
  afterEach(async () => {
    await cluster?.stop();
    await address?.close();
    await primary.destroy();
    await standby?.destroy();
  });

  async function refusals(): Promise<void> {
    const before = load.tally.refused;
    await within(30_000, 'requests are refused', () => load.tally.refused > before + 20);
  }

  it('after the primary was killed: loses nothing that was acknowledged, and ends no session', async () => {
    await primary.end('SIGKILL');
    // Too early, as it happens: whoever comes finds a database that takes no writes yet.
    address.to(standby.port);
    await refusals();
    await standby.promote();
    await load.settles();
    await load.finish();
  });

  it('after the primary was cut off and told nobody: its connections are given up', async () => {
    address.cut();
    // Asked behind the balancer, which would not wait for ever.
    const direct = new Browser(cluster.replicas[0]!.url);
    const answer = await direct.post('/auth/login', { email: 'somebody@example.org', password: PASSWORD });
    expect(answer).toMatchObject({ status: 503, body: { code: 'service_unavailable' } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    // No longer: a refresh whose answer was lost may be repeated for 30 s.
    await primary.end('SIGKILL');
    await standby.promote();
    address.leadTo(standby.port);
    await load.settles();
    await load.finish();
  });
});
