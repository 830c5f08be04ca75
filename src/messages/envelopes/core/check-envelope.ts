import { createHash } from 'node:crypto';
import { parseEnvelope, ProtocolError, requireAllRecipients, type ParsedEnvelope } from '@sealgate/protocol';
import { InvalidEnvelope } from '../../../crypto/crypto.errors.js';

/** Where the request says that the message belongs, and who the session says is sending. */
export interface Destination {
  readonly id: string;
  readonly chatId: string;
  readonly senderId: string;
}

/**
 * All that can be told of an envelope without the database: its syntax, that it names this message, chat and sender,
 * and that `to` is the hash of the recipients it carries.
 * @throws InvalidEnvelope `malformed`, or `misplaced` as a reader would say
 * @see messages.md §2
 */
export async function checkEnvelope(value: unknown, destination: Destination): Promise<ParsedEnvelope> {
  try {
    const envelope = parseEnvelope(value);
    const { id, chat, from } = envelope.header;
    if (id !== destination.id || chat !== destination.chatId || from !== destination.senderId)
      throw new InvalidEnvelope('misplaced');
    await requireAllRecipients(envelope);
    return envelope;
  } catch (error) {
    if (error instanceof ProtocolError) throw new InvalidEnvelope(error.reason, error);
    throw error;
  }
}

/**
 * SHA-256 over all that was sent: the same bytes again are a retry, others are another message. Over the parsed parts,
 * so that the order of a JSON object's members says nothing.
 */
export function digestOf(chatId: string, { json }: ParsedEnvelope): Buffer {
  const { protected: header, iv, ciphertext, tag, recipients } = json;
  const keys = recipients.map((recipient) => [recipient.header.kid, recipient.encrypted_key]);
  return createHash('sha256')
    .update(JSON.stringify([chatId, header, iv, ciphertext, tag, keys]))
    .digest();
}

/** The envelope's part that all readers get alike, as JSON without the braces. All of it is base64url. */
export function sealedPart({ json }: ParsedEnvelope): string {
  const { protected: header, iv, ciphertext, tag } = json;
  return `"protected":"${header}","iv":"${iv}","ciphertext":"${ciphertext}","tag":"${tag}"`;
}
