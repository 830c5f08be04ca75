import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const COMPRESSIBLE = /\.(?:js|css|html|svg|webmanifest)$/;
/** Smaller files gain nothing over one packet. */
const MIN_BYTES = 1024;

/** Writes a brotli and a gzip twin beside each file, so that the server never compresses while somebody waits. */
export function compressFiles(): Plugin {
  let directory = '';
  return {
    name: 'sealgate:compress-files',
    apply: 'build',
    configResolved({ root, build }) {
      directory = resolve(root, build.outDir);
    },
    closeBundle: {
      order: 'post',
      handler() {
        for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
          if (COMPRESSIBLE.test(name)) compress(join(directory, name));
        }
      },
    },
  };
}

function compress(path: string): void {
  const content = readFileSync(path);
  if (content.length < MIN_BYTES) return;
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  writeFileSync(`${path}.br`, brotliCompressSync(content, { params }));
  writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
}
