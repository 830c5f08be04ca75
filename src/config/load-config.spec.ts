import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError } from './config.errors.js';
import { loadConfig } from './load-config.js';
import type { Environment } from './variables.js';

const SECRETS = {
  MASTER_KEY: 'hsD0Zl3yqk1mQeTnB7uVx5wRpJ8cAf2g',
  JWT_REFRESH_SECRET: 'Yt6rWq9pLm3nBv5xZk8jHg2fDs4aQw7e',
  PASSWORD_PEPPER: 'uI9oP0aS1dF2gH3jK4lZ5xC6vB7nM8qW',
};
const PRODUCTION = {
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://gate.example.org',
  DATABASE_URL: 'postgres://sealgate@db.example.org/sealgate',
  ...SECRETS,
};

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'sealgate-config-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

function problemsOf(environment: Environment): readonly string[] {
  try {
    loadConfig({ DATA_DIR: dataDir, ...environment });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('loadConfig', () => {
  it('needs nothing for the quick start, and makes its secrets once', () => {
    const first = loadConfig({ DATA_DIR: dataDir });
    expect(first).toMatchObject({
      production: false,
      port: 3000,
      host: '127.0.0.1',
      publicUrl: 'http://localhost:3000',
      database: { kind: 'embedded' },
      fortyTwo: { kind: 'fake' },
      serverSideCrypto: true,
      secureCookies: false,
      bcryptCost: 12,
    });
    expect(statSync(join(dataDir, 'secrets.json')).mode & 0o777).toBe(0o600);
    expect(loadConfig({ DATA_DIR: dataDir }).secrets).toEqual(first.secrets);
    expect(new Set(Object.values(first.secrets)).size).toBe(5);
  });

  it('stops at a damaged secrets file instead of making new secrets over it', () => {
    writeFileSync(join(dataDir, 'secrets.json'), '{"masterKey": "half a f');
    expect(problemsOf({})).toEqual([expect.stringContaining('is damaged')]);
  });

  it('accepts a complete production, with its stricter defaults', () => {
    expect(loadConfig(PRODUCTION)).toMatchObject({
      production: true,
      host: '0.0.0.0',
      fortyTwo: { kind: 'off' },
      serverSideCrypto: false,
      secureCookies: true,
      secrets: { masterKey: SECRETS.MASTER_KEY, databasePassword: null },
    });
  });

  it('is frozen', () => {
    expect(Object.isFrozen(loadConfig(PRODUCTION))).toBe(true);
  });

  it.each([
    ['production', { NODE_ENV: 'production', PUBLIC_URL: 'https://gate.example.org' }],
    ['a database of the operator’s', { DATABASE_URL: 'postgres://db.example.org/sealgate' }],
  ])('names every missing secret at once with %s, and leaves nothing behind', (_, environment) => {
    expect(problemsOf(environment)).toEqual([
      'MASTER_KEY is missing',
      'JWT_REFRESH_SECRET is missing',
      'PASSWORD_PEPPER is missing',
    ]);
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it.each([
    ['short', 'hsD0Zl3yqk1mQeTnB7uVx5wRpJ8cAf2'],
    ['monotonous', 'abababababababababababababababababab'],
    ['a placeholder', 'please-change-me-hsD0Zl3yqk1mQeTnB7uVx5w'],
  ])('refuses a secret that is %s, by its name and never its value', (_, value) => {
    for (const name of Object.keys(SECRETS)) {
      const problems = problemsOf({ ...PRODUCTION, [name]: value });
      expect(problems).toEqual([expect.stringMatching(`^${name} is weak`)]);
      expect(problems.join()).not.toContain(value);
    }
  });

  it('refuses one secret for two purposes', () => {
    const problems = problemsOf({ ...PRODUCTION, PASSWORD_PEPPER: SECRETS.MASTER_KEY });
    expect(problems).toEqual([expect.stringContaining('must differ')]);
  });

  it('refuses http in production unless told so', () => {
    const http = { ...PRODUCTION, PUBLIC_URL: 'http://gate.example.org' };
    expect(problemsOf(http)).toEqual([expect.stringContaining('PUBLIC_URL must be https: in production')]);
    expect(problemsOf({ ...PRODUCTION, PUBLIC_URL: '' })).toHaveLength(1);
    expect(problemsOf({ ...http, ALLOW_INSECURE_HTTP: 'false' })).toHaveLength(1);
    expect(loadConfig({ ...http, ALLOW_INSECURE_HTTP: 'true' }).secureCookies).toBe(false);
  });

  it.each([
    ['PORT', '70000'],
    ['PORT', '3000x'],
    ['NODE_ENV', 'live'],
    ['BCRYPT_COST', '9'],
    ['TWO_FACTOR_POLICY', 'always'],
    ['SERVER_SIDE_CRYPTO', 'yes'],
    ['DATABASE_URL', 'mysql://db.example.org/sealgate'],
    ['PUBLIC_URL', 'https://gate.example.org/path'],
    ['ALLOWED_ORIGINS', 'https://app.example.org/'],
    ['SMTP_URL', 'mail.example.org'],
    ['RATE_LIMIT_FACTOR', '-7'],
    ['ADMIN_EMAILS', 'ada@example.org, grace'],
    ['TRUSTED_PROXIES', 'proxy.example.org'],
    ['TRUSTED_PROXIES', '10.0.0.0/33'],
    ['TRUSTED_PROXIES', '10.0.0.0/0'],
    ['METRICS_TOKEN', 'short'],
    ['FORTYTWO_CLIENT_ID', 'without a secret'],
  ])('refuses %s=%s by name', (name, value) => {
    const problems = problemsOf({ ...PRODUCTION, [name]: value });
    expect(problems.join()).toContain(name);
    expect(problems.join()).not.toContain(value);
  });

  it('talks to 42 over https only in production', () => {
    const credentials = { FORTYTWO_CLIENT_ID: 'id', FORTYTWO_CLIENT_SECRET: 'secret' };
    const plain = { ...PRODUCTION, ...credentials, FORTYTWO_TOKEN_URL: 'http://127.0.0.1:4242/oauth/token' };
    expect(problemsOf(plain)).toEqual([expect.stringContaining('FORTYTWO_TOKEN_URL')]);
    expect(loadConfig({ ...PRODUCTION, ...credentials }).fortyTwo).toMatchObject({
      kind: 'real',
      tokenUrl: 'https://api.intra.42.fr/oauth/token',
    });
  });

  it('reads proxies as a number of hops or as addresses, admins in lower case, and blanks as unset', () => {
    expect(loadConfig({ ...PRODUCTION, TRUSTED_PROXIES: '2' }).trustedProxies).toBe(2);
    const proxies = ['10.0.0.0/8', '::1', 'fd00::/8', '192.0.2.0/255.255.255.0', 'loopback'];
    expect(loadConfig({ ...PRODUCTION, TRUSTED_PROXIES: proxies.join(', ') }).trustedProxies).toEqual(
      proxies,
    );
    expect(loadConfig({ ...PRODUCTION, ADMIN_EMAILS: ' Root@Example.org ,' }).adminEmails).toEqual([
      'root@example.org',
    ]);
    expect(loadConfig({ ...PRODUCTION, PORT: ' ' }).port).toBe(3000);
  });
});
