import { createHash } from 'node:crypto';
import type { Plugin } from 'vite';

const TAG = /<(?:script|link)\b[^>]*?\s(?:src|href)="\/(assets\/[^"]+)"[^>]*?>/g;

/**
 * Gives the entry's scripts and styles in index.html the hash of what was built.
 * @see W3C Subresource Integrity §3.4
 */
export function subresourceIntegrity(): Plugin {
  return {
    name: 'sealgate:subresource-integrity',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const page = bundle['index.html'];
        if (page?.type !== 'asset') throw new TypeError('index.html was not built');
        page.source = String(page.source).replaceAll(TAG, (tag, file: string) => {
          const output = bundle[file];
          if (output === undefined) throw new TypeError(`index.html names ${file}, which was not built`);
          const content = output.type === 'chunk' ? output.code : output.source;
          const hash = createHash('sha384').update(content).digest('base64');
          return tag.replace(/\s*\/?>$/, ` integrity="sha384-${hash}">`);
        });
      },
    },
  };
}
