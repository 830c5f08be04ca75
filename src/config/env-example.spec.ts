import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import type { Config } from './config.js';
import { loadConfig } from './load-config.js';
import { VARIABLES, type Environment } from './variables.js';

const text = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
const example = parseEnv(text) as Environment;
const dataDir = mkdtempSync(join(tmpdir(), 'sealgate-env-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

/** The secrets are generated per folder, so both come from the same one. */
function load(environment: Environment): Config {
  return loadConfig({ ...environment, DATA_DIR: dataDir });
}

describe('.env.example', () => {
  it('names every variable once, and no other', () => {
    const named = text
      .split('\n')
      .filter((line) => /^[A-Z]/.test(line))
      .map((line) => line.slice(0, line.indexOf('=')));
    expect(named.toSorted()).toEqual(VARIABLES.toSorted());
  });

  it('explains every variable', () => {
    for (const paragraph of text.split('\n\n').filter((part) => /^[A-Z]/m.test(part)))
      expect(paragraph, paragraph).toMatch(/^# .+\./);
  });

  it('changes nothing when it is copied as it is', () => {
    expect(load(example)).toEqual(load({}));
  });

  it('shows the defaults of 42’s addresses', () => {
    const credentials = { FORTYTWO_CLIENT_ID: 'id', FORTYTWO_CLIENT_SECRET: 'secret' };
    expect(load({ ...example, ...credentials })).toEqual(load(credentials));
  });

  it('holds no secret', () => {
    for (const name of ['MASTER_KEY', 'JWT_REFRESH_SECRET', 'PASSWORD_PEPPER', 'METRICS_TOKEN'] as const)
      expect(example[name]).toBe('');
  });
});
