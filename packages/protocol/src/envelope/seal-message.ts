import { CompactSign, GeneralEncrypt } from 'jose';
import { utf8 } from '../bytes.js';
import type { Signer } from '../keys/account-keys.js';
import type { EncryptionJwk } from '../keys/jwk.js';
import { sealingKey } from '../keys/sealing-key.js';
import { ENVELOPE_TYP, type Envelope, MESSAGE_TYP, type MessagePayload } from './envelope.js';
import { recipientsHash } from './envelope-hash.js';
import { padPayload, parsePayload } from './message-payload.js';
import { parseEnvelope } from './parse-envelope.js';

/** What to seal. `signer` is the sender's key; `recipients` every member's current key, the sender's too. */
export interface SealInput extends Omit<MessagePayload, 'to'> {
  readonly signer: Signer;
  readonly recipients: readonly EncryptionJwk[];
}

/**
 * Signs a message and encrypts it to every recipient. The keys are checked again here, since jose would encrypt to a
 * key with e = 1, and a message once sent cannot be called back.
 *
 * @throws ProtocolError `too-large`, `malformed` for what no reader would take, or the rule that a key breaks
 */
export async function sealMessage(input: SealInput): Promise<Envelope> {
  const { signer, recipients, id, chat, from, sent, previous, log, body } = input;
  const keys = await Promise.all(recipients.map((jwk) => sealingKey(jwk)));
  keys.sort((a, b) => (a.jwk.kid < b.jwk.kid ? -1 : 1));
  const to = keys.map(({ jwk }) => jwk.kid);
  const payload = padPayload({ id, chat, from, to, sent, previous, log, body });
  parsePayload(payload);
  const jws = await new CompactSign(payload)
    .setProtectedHeader({ alg: 'ES256', kid: signer.kid, typ: MESSAGE_TYP })
    .sign(signer.privateKey);
  const jwe = new GeneralEncrypt(utf8(jws)).setProtectedHeader({
    alg: 'RSA-OAEP-256',
    enc: 'A256GCM',
    typ: ENVELOPE_TYP,
    cty: MESSAGE_TYP,
    id,
    chat,
    from,
    to: await recipientsHash(to),
  });
  for (const { jwk, key } of keys) jwe.addRecipient(key).setUnprotectedHeader({ kid: jwk.kid });
  return parseEnvelope(await jwe.encrypt()).json;
}
