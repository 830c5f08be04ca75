import type { ChildProcess } from 'node:child_process';
// @ts-expect-error -- plain JavaScript, as the command runs it
import { Cluster as RunningCluster } from '../../../scripts/cluster/cluster.mjs';
import { buildIfStale } from '../../demo/built-server.js';
import { Browser } from '../../support/browser.js';
import { SECRETS } from '../../support/secrets.js';

/** One process of the built server. */
export interface Replica {
  readonly url: string;
  readonly port: number;
  readonly child: ChildProcess;
  /** What it printed last. */
  readonly output: string;
  kill(): Promise<void>;
}

/** What `npm run cluster` runs. */
export interface Cluster {
  readonly url: string;
  /** Those that run now, the oldest first. */
  readonly replicas: readonly Replica[];
  /** Through the balancer. */
  browser(headers?: Record<string, string>): Browser;
  /** The lines with errors that the replicas of now logged last, for whoever wonders why a test failed. */
  complaints(): string;
  rollingRestart(): Promise<void>;
  stop(): Promise<void>;
}

/** Limits per address are off the way, since everybody comes from one. */
export async function startCluster(
  databaseUrl: string,
  environment: Record<string, string> = {},
  replicas = 2,
): Promise<Cluster> {
  buildIfStale();
  const { PATH = '', HOME = '' } = process.env;
  const cluster: Omit<Cluster, 'browser' | 'complaints'> = await RunningCluster.start({
    replicas,
    environment: {
      PATH,
      HOME,
      DATABASE_URL: databaseUrl,
      BCRYPT_COST: '4',
      RATE_LIMIT_FACTOR: '100000',
      LOG_LEVEL: 'warn',
      ...SECRETS,
      ...environment,
    },
  });
  return Object.assign(cluster, {
    browser: (headers?: Record<string, string>) => new Browser(cluster.url, headers),
    complaints: () =>
      cluster.replicas
        .flatMap(({ output }) => output.split('\n'))
        .filter((line) => line.includes('"code":"internal_error"') || line.includes('"level":"fatal"'))
        .map((line) => line.slice(0, 1_500))
        .slice(-10)
        .join('\n'),
  });
}
