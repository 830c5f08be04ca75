import { describe, expect, it } from 'vitest';
import { toChunks } from './to-chunks.js';

const text = (chunk: { bytes: Buffer | null } | undefined): string | undefined => chunk?.bytes?.toString();

describe('toChunks', () => {
  it('joins small steps and says up to where they lead', () => {
    const chunks = toChunks([
      { position: 4, text: 'a' },
      { position: 5, text: '' },
      { position: 7, text: 'b' },
    ]);
    expect(chunks.map(({ upTo }) => upTo)).toEqual([7]);
    expect(text(chunks[0])).toBe('ab');
  });

  it('cuts after 64 K, at a step', () => {
    const long = 'x'.repeat(40_000);
    const chunks = toChunks([1, 2, 3].map((position) => ({ position, text: long })));
    expect(chunks.map(({ upTo }) => upTo)).toEqual([2, 3]);
  });

  it('leads past steps that nobody is told of', () => {
    expect(toChunks([{ position: 9, text: '' }])).toEqual([{ bytes: null, upTo: 9 }]);
    expect(toChunks([])).toEqual([]);
  });
});
