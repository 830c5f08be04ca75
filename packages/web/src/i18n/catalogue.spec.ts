import { describe, expect, it } from 'vitest';
import { en } from './en/catalogue.js';
import { fr } from './fr/catalogue.js';

/** The path of every text, and whether it takes something in. */
function shapeOf(catalogue: object, path = ''): string[] {
  return Object.entries(catalogue).flatMap(([key, value]) => {
    const place = `${path}/${key}`;
    if (typeof value === 'function') return [`${place}(${(value as () => string).length})`];
    return typeof value === 'string' ? [place] : shapeOf(value as object, place);
  });
}

function textsOf(catalogue: object): string[] {
  return Object.values(catalogue).flatMap((value: unknown) =>
    typeof value === 'string' ? [value] : typeof value === 'object' && value !== null ? textsOf(value) : [],
  );
}

describe('the catalogues', () => {
  it('have the same texts in every language', () => {
    expect(shapeOf(fr).sort()).toEqual(shapeOf(en).sort());
  });

  it('leave none empty, and none with an English apostrophe for the eye to stumble over', () => {
    for (const text of [...textsOf(en), ...textsOf(fr)]) {
      expect(text.trim()).not.toBe('');
      expect(text).not.toMatch(/\w'\w/);
    }
  });
});
