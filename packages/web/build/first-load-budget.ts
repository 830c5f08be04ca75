import { gzipSync } from 'node:zlib';
import type { Plugin, Rolldown } from 'vite';

/**
 * Fails the build where any page needs more JavaScript than this before it can be used: the entry, the page's own
 * chunk, and what both import.
 *
 * @param maxBytes gzipped, all files together.
 */
export function firstLoadBudget(maxBytes: number): Plugin {
  return {
    name: 'sealgate:first-load-budget',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const chunks = Object.values(bundle).filter((output) => output.type === 'chunk');
        const entry = chunks.find((chunk) => chunk.isEntry);
        if (entry === undefined) throw new TypeError('there is no entry');
        const pages = chunks.filter(({ facadeModuleId }) => facadeModuleId?.includes('/src/pages/'));
        for (const page of [entry, ...pages]) {
          const files = closure(chunks, [entry.fileName, page.fileName]);
          const bytes = files.reduce((sum, { code }) => sum + gzipSync(code).length, 0);
          const line = `${page.name}: ${(bytes / 1000).toFixed(1)} kB of gzipped JavaScript in ${files.length} files`;
          if (bytes > maxBytes) this.error(`${line}; the budget is ${maxBytes / 1000} kB`);
          this.info(line);
        }
      },
    },
  };
}

/** These files and everything that they import statically. */
function closure(chunks: readonly Rolldown.OutputChunk[], files: readonly string[]): Rolldown.OutputChunk[] {
  const found = new Set<string>();
  const pending = [...files];
  for (let file = pending.pop(); file !== undefined; file = pending.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    pending.push(...(chunks.find(({ fileName }) => fileName === file)?.imports ?? []));
  }
  return chunks.filter(({ fileName }) => found.has(fileName));
}
