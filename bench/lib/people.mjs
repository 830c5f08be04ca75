import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  exportAccountKeys,
  generateAccountKeys,
  importAccountKeys,
  makeKeyStatement,
  sealMessage,
} from '@sealgate/protocol';
import { root } from '../../scripts/lib/stale.mjs';

export const PASSWORD = 'lantern gravel otter mosaic';

const cache = join(root, 'node_modules/.cache/sealgate-bench');

export async function call(url, method, path, body, token) {
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  const init = { method, headers };
  if (body !== undefined) {
    headers['content-type'] = 'application/json';
    init.body = JSON.stringify(body);
  }
  const answer = await fetch(url + path, init);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text === '' ? null : JSON.parse(text);
}

/** An account with a settled session. */
export async function signUp(url, name) {
  const account = { username: name, email: `${name}@example.org`, password: PASSWORD };
  const { user, accessToken } = await call(url, 'POST', '/auth/register', { ...account, tokens: 'body' });
  const settled = await call(url, 'POST', '/auth/2fa/skip', { tokens: 'body' }, accessToken);
  return { id: user.id, email: account.email, ...settled };
}

/** @param index of the key pair, which is made once on each machine. */
export async function signUpWithKeys(url, name, index) {
  const person = await signUp(url, name);
  const keys = await keyPair(index);
  const { json } = await makeKeyStatement({
    user: person.id,
    version: 1,
    keys,
    previous: null,
    reset: false,
    createdAt: new Date().toISOString(),
  });
  await call(url, 'POST', '/api/crypto/generate-keys', { statement: json }, person.accessToken);
  return { ...person, keys };
}

export function openChat(url, [owner, ...others], title) {
  const memberIds = others.map(({ id }) => id);
  return call(url, 'POST', '/api/chats', { memberIds, ...(title ? { title } : {}) }, owner.accessToken);
}

/** @returns an envelope from the first to all of them. */
export function seal([from, ...others], { id, chatId, text }) {
  return sealMessage({
    id,
    chat: chatId,
    from: from.id,
    sent: new Date().toISOString(),
    previous: null,
    log: null,
    body: { type: 'text', text },
    signer: { kid: from.keys.signing.jwk.kid, privateKey: from.keys.signing.privateKey },
    recipients: [from, ...others].map(({ keys }) => keys.encryption.jwk),
  });
}

async function keyPair(index) {
  const file = join(cache, `${index}.json`);
  try {
    return await importAccountKeys(JSON.parse(readFileSync(file, 'utf8')), { extractable: true });
  } catch {
    const keys = await generateAccountKeys({ extractable: true });
    mkdirSync(cache, { recursive: true });
    writeFileSync(file, JSON.stringify(await exportAccountKeys(keys)), { mode: 0o600 });
    return keys;
  }
}
