import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AccountKeys } from '../keys/account-keys.js';
import { exportAccountKeys, generateAccountKeys } from '../keys/generate-account-keys.js';
import { importAccountKeys } from '../keys/import-account-keys.js';

const CACHE = new URL('../../../../node_modules/.cache/sealgate-protocol/', import.meta.url);

/** Extractable keys by name, made once on each machine: making RSA keys takes longer than all the tests. */
export async function testKeys(name: string): Promise<AccountKeys> {
  const file = new URL(`${name}.json`, CACHE);
  const cached = read(file);
  if (cached !== undefined) return importAccountKeys(cached, { extractable: true });
  const keys = await generateAccountKeys({ extractable: true });
  mkdirSync(CACHE, { recursive: true });
  // Written aside and renamed: test files run at the same time.
  const draft = `${fileURLToPath(file)}.${crypto.randomUUID()}`;
  writeFileSync(draft, JSON.stringify(await exportAccountKeys(keys)), { mode: 0o600 });
  renameSync(draft, file);
  return importAccountKeys(read(file), { extractable: true });
}

function read(file: URL): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
