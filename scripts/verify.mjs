// `npm run verify`: format, lint, types, dead code, build and all tests; stops at the first that fails.
import { prepare, step } from './lib/prepare.mjs';

// Built first: a package's types, which the linter and the compiler look at, come from its build.
prepare();
const bin = (name) => ['node_modules/.bin/' + name];
for (const [title, name, ...args] of [
  ['Checking the format', 'prettier', '--check', '.'],
  ['Linting', 'oxlint', '--type-aware', '--deny-warnings'],
  ['Checking types', 'tsc', '--noEmit', '-p', 'tsconfig.json'],
  ['Checking types of the browser app', 'tsc', '--noEmit', '-p', 'packages/web/tsconfig.json'],
  ['Looking for dead code', 'knip'],
])
  step(title, ...bin(name), args);
await import('./test.mjs');
