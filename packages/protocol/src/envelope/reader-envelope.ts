import type { Envelope } from './envelope.js';

/**
 * The envelope as one reader is given it: with the entries for the reader's own keys, and nobody else's. The content
 * of a message to a hundred members then costs each of them one entry.
 *
 * @param kids every encryption key that was ever the reader's
 */
export function readerEnvelope(envelope: Envelope, kids: Iterable<string>): Envelope {
  const own = new Set(kids);
  return { ...envelope, recipients: envelope.recipients.filter(({ header }) => own.has(header.kid)) };
}
