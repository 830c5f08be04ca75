import { makeKeyStatement, sealMessage, type AccountKeys, type Envelope } from '@sealgate/protocol';
import { expect } from 'vitest';
import { newId } from '../../src/common/ids.js';
import { testKeys } from '../../packages/protocol/src/testing/test-keys.js';
import type { Browser } from './browser.js';
import type { Person } from './people.js';

/** Somebody with registered keys. */
export interface KeyHolder extends Person {
  keys: AccountKeys;
  version: number;
  /** Of the newest statement. */
  payloadHash: string;
}

/** Made once on each machine; each is used once in a test file, as nobody may register a key twice. */
let used = 0;

/** For the next test file, which has a database of its own. */
export function useKeysAnew(): void {
  used = 0;
}

export async function registerKeys<P extends Person>(person: P): Promise<P & KeyHolder> {
  return register(person, { version: 1, previous: null });
}

/** Registers the next keys, handed over by the ones before. */
export async function changeKeys<H extends KeyHolder>(holder: H): Promise<H> {
  return register(holder, { version: holder.version + 1, previous: holder.payloadHash, by: holder.keys });
}

async function register<P extends Person>(
  person: P,
  { version, previous, by }: { version: number; previous: string | null; by?: AccountKeys },
): Promise<P & KeyHolder> {
  const keys = await testKeys(`person-${++used}`);
  const signer = by && { kid: by.signing.jwk.kid, privateKey: by.signing.privateKey };
  const { json, payloadHash } = await makeKeyStatement({
    user: person.user.id,
    version,
    keys,
    previous,
    reset: false,
    ...(signer ? { previousSigningKey: signer } : {}),
    createdAt: new Date().toISOString(),
  });
  const answer = await person.browser.post('/api/crypto/generate-keys', { statement: json });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return { ...person, keys, version, payloadHash };
}

/** A message that is ready to be sent. */
export interface Sealed {
  id: string;
  chatId: string;
  envelope: Envelope;
}

/** @param to all members, the sender too. */
export async function seal(
  from: KeyHolder,
  chatId: string,
  to: readonly KeyHolder[],
  { id = newId(), text = 'Meet me at the bridge.' } = {},
): Promise<Sealed> {
  const envelope = await sealMessage({
    id,
    chat: chatId,
    from: from.user.id,
    sent: new Date().toISOString(),
    previous: null,
    log: null,
    body: { type: 'text', text },
    signer: { kid: from.keys.signing.jwk.kid, privateKey: from.keys.signing.privateKey },
    recipients: to.map(({ keys }) => keys.encryption.jwk),
  });
  return { id, chatId, envelope };
}

/** Sends, and expects that it is stored. */
export async function send(
  { browser }: { browser: Browser },
  sealed: Sealed,
): Promise<{ id: string; chatId: string; seq: number; sentAt: string }> {
  const answer = await browser.post('/api/messages/send', sealed);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body;
}
