import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';

const TEXTS = ['', 'abc', 'é', 'a'.repeat(16 * 1024), 'a'.repeat(16 * 1024 + 1)];

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
  vi.restoreAllMocks();
});

describe.each([
  ['in Node', () => undefined],
  ['in a browser', () => vi.stubGlobal('process', undefined)],
])('SHA-256 %s', (where, prepare) => {
  it.each(TEXTS)('is that of FIPS 180-4, whatever its size', async (text) => {
    prepare();
    vi.resetModules();
    const { sha256, sha256Base64url } = await import('./hash.js');
    const expected = createHash('sha256').update(text).digest();
    expect(Buffer.from(await sha256(new TextEncoder().encode(text)))).toEqual(expected);
    expect(await sha256Base64url(text)).toBe(expected.toString('base64url'));
  });

  it('asks another thread only where there is no other way, or much to do', async () => {
    prepare();
    vi.resetModules();
    const digest = vi.spyOn(crypto.subtle, 'digest');
    const { sha256 } = await import('./hash.js');
    await sha256(new Uint8Array(16 * 1024));
    expect(digest).toHaveBeenCalledTimes(where === 'in Node' ? 0 : 1);
    await sha256(new Uint8Array(16 * 1024 + 1));
    expect(digest).toHaveBeenCalledTimes(where === 'in Node' ? 1 : 2);
  });
});
