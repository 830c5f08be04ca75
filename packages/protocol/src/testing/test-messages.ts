import { CompactSign, GeneralEncrypt, importJWK } from 'jose';
import { utf8 } from '../bytes.js';
import type { Envelope, MessagePayload } from '../envelope/envelope.js';
import { recipientsHash } from '../envelope/envelope-hash.js';
import { padPayload } from '../envelope/message-payload.js';
import type { OpenInput } from '../envelope/open-message.js';
import { sealMessage } from '../envelope/seal-message.js';
import type { AccountKeys } from '../keys/account-keys.js';
import { testKeys } from './test-keys.js';

const [ada, bob, eve] = [await testKeys('ada'), await testKeys('bob'), await testKeys('eve')];

/** Ada and Bob share a chat; Eve has keys too. */
export const people = { ada, bob, eve };

export const adaId = '0b4b1dcb-3b2a-4d1c-9a57-0d8a3e3c8f10';
export const bobId = '1b4b1dcb-3b2a-4d1c-9a57-0d8a3e3c8f11';
export const otherId = '2b4b1dcb-3b2a-4d1c-9a57-0d8a3e3c8f12';
export const ids = {
  id: '5c1a4d4e-9e0f-4a44-8b35-6a2a4dfd3b90',
  chat: '6d2b5e5f-af10-4b55-9c46-7b3b5e0e4ca1',
  from: adaId,
};
export const body = { type: 'text', text: 'Meet me at the bridge.' } as const;
export const content = { ...ids, sent: '2026-01-02T03:04:05Z', previous: null, log: null, body };

export const signerOf = ({ signing }: AccountKeys) => ({
  kid: signing.jwk.kid,
  privateKey: signing.privateKey,
});

/** Ada's message to herself and Bob. */
export function seal(change: Partial<Parameters<typeof sealMessage>[0]> = {}): Promise<Envelope> {
  const recipients = [ada.encryption.jwk, bob.encryption.jwk];
  return sealMessage({ ...content, signer: signerOf(ada), recipients, ...change });
}

/** What Bob has when he opens an envelope that the server gave him as Ada's. */
export function bobOpens(envelope: unknown, change: Partial<OpenInput> = {}): OpenInput {
  return {
    envelope,
    row: { id: ids.id, chatId: ids.chat, senderId: ids.from, seq: 7 },
    reader: { keys: new Map([[bob.encryption.jwk.kid, bob.encryption.privateKey]]), lostKids: new Set() },
    senderKey: (user, kid) => (user === adaId && kid === ada.signing.jwk.kid ? ada.signing.jwk : undefined),
    ...change,
  };
}

/** Where a forger, who knows jose and holds keys, departs from the rules. */
export interface Forgery {
  readonly payload?: Record<string, unknown> | string;
  readonly innerHeader?: Record<string, unknown>;
  readonly outerHeader?: Record<string, unknown>;
  readonly signer?: AccountKeys;
  readonly recipients?: readonly AccountKeys[];
  readonly jws?: string;
}

/** An envelope made by jose alone, as wrong as asked for. */
export async function forge(forgery: Forgery = {}): Promise<Envelope> {
  const recipients = forgery.recipients ?? [ada, bob];
  const to = recipients.map(({ encryption }) => encryption.jwk.kid).sort();
  const signer = forgery.signer ?? ada;
  const header = {
    alg: 'ES256',
    kid: signer.signing.jwk.kid,
    typ: 'sealgate-msg+jws',
    ...forgery.innerHeader,
  };
  const payload =
    typeof forgery.payload === 'string'
      ? utf8(forgery.payload)
      : repad({ ...content, to }, forgery.payload ?? {});
  const jws =
    forgery.jws ??
    (await new CompactSign(payload).setProtectedHeader(header).sign(signer.signing.privateKey));
  const jwe = new GeneralEncrypt(utf8(jws)).setProtectedHeader({
    alg: 'RSA-OAEP-256',
    enc: 'A256GCM',
    typ: 'sealgate-msg+jwe',
    cty: 'sealgate-msg+jws',
    ...ids,
    to: await recipientsHash(to),
    ...forgery.outerHeader,
  });
  for (const { encryption } of recipients) {
    const { jwk } = encryption;
    jwe.addRecipient(await importJWK(jwk, 'RSA-OAEP-256')).setUnprotectedHeader({ kid: jwk.kid });
  }
  return (await jwe.encrypt()) as Envelope;
}

/** The padded payload with other members, padded again to the same bucket. */
function repad(payload: MessagePayload, change: Record<string, unknown>): Uint8Array {
  const padded = padPayload(payload);
  const object = JSON.parse(new TextDecoder().decode(padded)) as { pad: string };
  const changed = { ...object, ...change };
  const pad = '0'.repeat(Math.max(0, padded.length - utf8(JSON.stringify({ ...changed, pad: '' })).length));
  return utf8(JSON.stringify({ ...changed, pad: 'pad' in change ? change.pad : pad }));
}
