import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const DIRECTORY = process.env.VECTORS_DIR ?? resolve(import.meta.dirname, '../../../../../shared/vectors');

/** A Wycheproof file beside the repository or in `VECTORS_DIR`; undefined, with a word about it, where there is none. */
export function wycheproof(name: string): readonly unknown[] | undefined {
  try {
    const file = JSON.parse(readFileSync(resolve(DIRECTORY, `${name}_test.json`), 'utf8')) as {
      testGroups: readonly unknown[];
    };
    return file.testGroups;
  } catch {
    console.warn(`skipped: no Wycheproof file ${name}_test.json in VECTORS_DIR or ../shared/vectors`);
    return undefined;
  }
}
