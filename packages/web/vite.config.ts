import { defaultClientConditions, defineConfig } from 'vite';
import { compressFiles } from './build/compress-files.js';
import { firstLoadBudget } from './build/first-load-budget.js';
import { subresourceIntegrity } from './build/subresource-integrity.js';

/** Where a development server finds Sealgate: start that one with `ALLOWED_ORIGINS=http://localhost:5173`. */
const SEALGATE = 'http://localhost:3000';

export default defineConfig({
  root: import.meta.dirname,
  // `source`: the packages' TypeScript, so that no stale build of theirs gets in.
  resolve: { conditions: ['source', ...defaultClientConditions] },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [subresourceIntegrity(), firstLoadBudget(90_000), compressFiles()],
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    // Everything is a file of its own: the Content-Security-Policy knows no inline script or style.
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    strictPort: true,
    proxy: Object.fromEntries(['/api', '/auth', '/.well-known'].map((path) => [path, SEALGATE])),
  },
});
