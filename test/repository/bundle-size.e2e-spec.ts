import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const ENTRY = 'virtual:entry';

/** What a browser downloads for this module, in bytes, with everything that it imports. */
async function gzippedSize(code: string): Promise<number> {
  const bundle = await rolldown({
    input: ENTRY,
    cwd: ROOT,
    platform: 'browser',
    resolve: { conditionNames: ['source', 'browser', 'import'] },
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === ENTRY ? resolve(ROOT, 'entry.js') : null),
        load: (id) => (id === resolve(ROOT, 'entry.js') ? code : null),
      },
    ],
  });
  const { output } = await bundle.generate({ format: 'es', minify: true });
  await bundle.close();
  expect(output).toHaveLength(1);
  return gzipSync(output[0].code, { level: 9 }).length;
}

describe('packages/protocol in a browser', () => {
  it('is under 25 kB with jose', async () => {
    const size = await gzippedSize(`export * from '@sealgate/protocol'`);
    console.info(`packages/protocol with jose: ${size} bytes gzipped`);
    expect(size).toBeLessThan(25_000);
  });

  it('leaves out what is not used', async () => {
    const all = await gzippedSize(`export * from '@sealgate/protocol'`);
    expect(await gzippedSize(`export { safetyNumber } from '@sealgate/protocol'`)).toBeLessThan(all / 4);
  });
});
