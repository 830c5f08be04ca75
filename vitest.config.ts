import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// `source`: tests run the packages' TypeScript, so that no stale build can make them pass.
const conditions = ['source', 'node'];
const shared = {
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  // Where global setups run.
  environments: { __vitest__: { resolve: { conditions } } },
};

/**
 * Of those that play against whole servers. Each file has a database of its own, and closes what it opens; the modules
 * are loaded once for all files of a worker, which takes as long as a fifth of the tests otherwise.
 */
const endToEnd = {
  globalSetup: ['test/support/global-setup.ts'],
  setupFiles: ['test/support/setup.ts'],
  isolate: false,
  hookTimeout: 180_000,
};

export default defineConfig({
  ...shared,
  test: {
    // The default is one fewer, which halves the speed of a machine with two cores.
    maxWorkers: Math.max(2, availableParallelism()),
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          include: ['src/**/*.spec.ts', 'packages/*/src/**/*.spec.ts'],
          // Keys are made and hashes repeated on whatever machine this is; no time is a pass mark.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'e2e',
          include: ['test/**/*.e2e-spec.ts'],
          // These have runs of their own; those of faults load the machine, and come one after the other.
          exclude: ['test/embedded/**', 'test/faults/**', 'test/browser/**', 'test/screenshots/**'],
          ...endToEnd,
          testTimeout: 60_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'embedded',
          include: ['test/embedded/**/*.e2e-spec.ts'],
          ...endToEnd,
          // They put doubles in the place of Node's own modules.
          isolate: true,
          testTimeout: 60_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'browser',
          include: ['test/browser/**/*.e2e-spec.ts'],
          ...endToEnd,
          testTimeout: 300_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'screenshots',
          include: ['test/screenshots/**/*.e2e-spec.ts'],
          ...endToEnd,
          testTimeout: 300_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'faults',
          include: ['test/faults/**/*.e2e-spec.ts'],
          ...endToEnd,
          // Of a test that would wait for ever otherwise: no time of theirs is a pass mark but the 5 s that they measure.
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
