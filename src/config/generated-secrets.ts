import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Secrets } from './config.js';
import { ConfigError } from './config.errors.js';

/**
 * The quick start's own secrets: made on the first start, kept in `secrets.json` (mode 600), read afterwards.
 * They are as precious as the database beside them; losing the file loses what it encrypts.
 */
export function generatedSecrets(dataDir: string): Secrets {
  // Only the folder itself is closed: the database's own user has to pass its parents.
  mkdirSync(dirname(dataDir), { recursive: true });
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, 'secrets.json');
  return readSecretsFile(file) ?? createSecretsFile(file);
}

function createSecretsFile(file: string): Secrets {
  const random = (): string => randomBytes(32).toString('base64url');
  const secrets: Secrets = {
    masterKey: random(),
    masterKeyPrevious: null,
    jwtRefreshSecret: random(),
    passwordPepper: random(),
    databasePassword: random(),
  };
  const draft = `${file}.${process.pid}.tmp`;
  writeFileSync(draft, JSON.stringify(secrets, null, 2), { mode: 0o600, flag: 'w', flush: true });
  try {
    // link, not rename: of two first starts at once, one file wins and both read it.
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return readSecretsFile(file) ?? secrets;
}

function readSecretsFile(file: string): Secrets | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const parsed = parseObject(text);
  const names = ['masterKey', 'jwtRefreshSecret', 'passwordPepper', 'databasePassword'] as const;
  const missing = names.filter((name) => typeof parsed[name] !== 'string');
  if (missing.length > 0)
    throw new ConfigError([`${file} is damaged (${missing.join(', ')}): restore it from a backup`]);
  const previous = parsed['masterKeyPrevious'];
  return {
    masterKey: parsed['masterKey'] as string,
    masterKeyPrevious: typeof previous === 'string' ? previous : null,
    jwtRefreshSecret: parsed['jwtRefreshSecret'] as string,
    passwordPepper: parsed['passwordPepper'] as string,
    databasePassword: parsed['databasePassword'] as string,
  };
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
