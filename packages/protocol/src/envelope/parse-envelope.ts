import { decodeBase64url } from '../base64url.js';
import { parseJsonObject } from '../json/parse-json-object.js';
import { arrayOf, base64urlOf, check, exactObject, sha256TextOf, uuidOf } from '../shape.js';
import { ENCRYPTED_KEY_LENGTH, IV_LENGTH, TAG_LENGTH } from '../jose/compact-jwe.js';
import { MAX_JWS_HEADER_LENGTH, SIGNATURE_LENGTH } from '../jose/compact-jws.js';
import {
  ENVELOPE_TYP,
  type EnvelopeRecipient,
  MAX_RECIPIENTS,
  MESSAGE_TYP,
  type ParsedEnvelope,
} from './envelope.js';
import { recipientsHash } from './envelope-hash.js';

const MAX_HEADER_LENGTH = 1024;

/** The largest payload as base64url. */
export const MAX_PAYLOAD_LENGTH = Math.ceil((65_536 * 4) / 3);
const MAX_CIPHERTEXT_LENGTH = Math.ceil(
  ((MAX_JWS_HEADER_LENGTH + MAX_PAYLOAD_LENGTH + SIGNATURE_LENGTH + 2) * 4) / 3,
);

const HEADER_MEMBERS = ['alg', 'enc', 'typ', 'cty', 'id', 'chat', 'from', 'to'] as const;

/**
 * An envelope's syntax, which is all that a server can check: exactly the members there may be, strict base64url,
 * every length, one entry for each `kid`.
 *
 * @param value the envelope as parsed JSON, from anyone
 * @throws ProtocolError `malformed`
 */
export function parseEnvelope(value: unknown): ParsedEnvelope {
  return parseWithRecipients(value, 1);
}

/** As {@link parseEnvelope}, but a reader may be given no entry at all. */
export function parseWithRecipients(value: unknown, minRecipients: number): ParsedEnvelope {
  const jwe = exactObject(value, 'the envelope', ['protected', 'iv', 'ciphertext', 'tag', 'recipients']);
  const protectedHeader = base64urlOf(jwe.protected, 'the protected header', 1, MAX_HEADER_LENGTH);
  const header = parseHeader(protectedHeader);
  const recipients = arrayOf(jwe.recipients, 'recipients', minRecipients, MAX_RECIPIENTS).map(parseRecipient);
  const kids = recipients.map((recipient) => recipient.header.kid);
  check(new Set(kids).size === kids.length, 'two recipients have the same kid');
  const json = {
    protected: protectedHeader,
    iv: base64urlOf(jwe.iv, 'iv', IV_LENGTH),
    ciphertext: base64urlOf(jwe.ciphertext, 'ciphertext', 1, MAX_CIPHERTEXT_LENGTH),
    tag: base64urlOf(jwe.tag, 'tag', TAG_LENGTH),
    recipients,
  };
  return { json, header, kids };
}

/**
 * Whether the envelope, with all its recipient entries, is for exactly the keys that its header names.
 *
 * @throws ProtocolError `malformed`
 */
export async function requireAllRecipients({ header, kids }: ParsedEnvelope): Promise<void> {
  check(header.to === (await recipientsHash(kids)), 'the recipients are not those that the header names');
}

function parseHeader(encoded: string): ParsedEnvelope['header'] {
  const header = exactObject(
    parseJsonObject(decodeBase64url(encoded)),
    'the protected header',
    HEADER_MEMBERS,
  );
  check(header.alg === 'RSA-OAEP-256' && header.enc === 'A256GCM', 'the envelope uses other algorithms');
  check(header.typ === ENVELOPE_TYP && header.cty === MESSAGE_TYP, 'this is not the envelope of a message');
  return {
    id: uuidOf(header.id, 'id'),
    chat: uuidOf(header.chat, 'chat'),
    from: uuidOf(header.from, 'from'),
    to: sha256TextOf(header.to, 'to'),
  };
}

function parseRecipient(value: unknown): EnvelopeRecipient {
  const recipient = exactObject(value, 'a recipient', ['header', 'encrypted_key']);
  const { kid } = exactObject(recipient.header, "a recipient's header", ['kid']);
  const { min, max } = ENCRYPTED_KEY_LENGTH;
  return {
    header: { kid: sha256TextOf(kid, 'kid') },
    encrypted_key: base64urlOf(recipient.encrypted_key, 'encrypted_key', min, max),
  };
}
