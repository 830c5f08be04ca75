import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import * as client from '@sealgate/client';
import * as clientForNode from '@sealgate/client/node';
import { startTestApp, type TestApp } from '../support/test-app.js';

let server: TestApp;
let folder: string;
beforeAll(async () => {
  server = await startTestApp();
  folder = await mkdtemp(join(tmpdir(), 'sealgate-readme-'));
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

type Run = (given: Record<string, unknown>) => Promise<void>;
const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor as new (
  ...parameters: string[]
) => Run;

it('runs every example of the README, in their order', async () => {
  const readme = await readFile(resolve(import.meta.dirname, '../../packages/client/README.md'), 'utf8');
  const snippets = [...readme.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);
  expect(snippets.length).toBeGreaterThanOrEqual(7);
  const imported: string[] = [];
  const body = snippets
    .join('\n')
    .replaceAll(/^import \{ (.*) \} from '(.*)';$/gm, (_, names: string, from: string) => {
      imported.push(...names.split(', ').map((name) => `${from}#${name}`));
      return '';
    });
  const modules: Record<string, Record<string, unknown>> = {
    '@sealgate/client': { ...client },
    '@sealgate/client/node': { ...clientForNode },
  };
  const given: Record<string, unknown> = {
    baseUrl: server.baseUrl,
    file: join(folder, 'bot'),
    secret: 'a secret of the environment',
  };
  for (const one of imported) {
    const [from = '', name = ''] = one.split('#');
    given[name] = modules[from]?.[name];
    expect(given[name], one).toBeDefined();
  }
  const printed: string[] = [];
  const log = vi
    .spyOn(console, 'log')
    .mockImplementation((...args: unknown[]) => void printed.push(args.join(' ')));
  try {
    await new AsyncFunction('given', `const { ${Object.keys(given).join(', ')} } = given;\n${body}`)(given);
  } finally {
    log.mockRestore();
  }
  expect(printed).toContain('Meet me at the bridge. ');
  expect(printed.some((line) => line.startsWith('not_found 404'))).toBe(true);
  expect(printed.some((line) => /^compared 1 \d+$/.test(line))).toBe(true);
});
