import { utf8 } from '../bytes.js';
import { ProtocolError } from '../errors.js';
import { parseJsonObject } from '../json/parse-json-object.js';
import { arrayOf, check, exactObject, integerOf, sha256TextOf, textOf, timeOf, uuidOf } from '../shape.js';
import { MAX_RECIPIENTS, type MessageBody, type MessagePayload, PAYLOAD_BUCKETS } from './envelope.js';

const MEMBERS = ['v', 'id', 'chat', 'from', 'to', 'sent', 'previous', 'log', 'body', 'pad'] as const;

/**
 * The payload's JSON, padded to the next bucket, so that its length tells no more than that.
 *
 * @throws ProtocolError `too-large` beyond 65 536 bytes
 */
export function padPayload(payload: MessagePayload): Uint8Array {
  const { id, chat, from, to, sent, previous, log, body } = payload;
  const padded = (pad: string) =>
    utf8(JSON.stringify({ v: 1, id, chat, from, to, sent, previous, log, body, pad }));
  const { length } = padded('');
  const bucket = PAYLOAD_BUCKETS.find((bytes) => bytes >= length);
  if (bucket === undefined) throw new ProtocolError('too-large', `the message has ${length} bytes`);
  return padded('0'.repeat(bucket - length));
}

/**
 * The payload of a message's JWS, every member checked.
 *
 * @throws ProtocolError `malformed`
 */
export function parsePayload(bytes: Uint8Array): MessagePayload {
  check(
    PAYLOAD_BUCKETS.some((bucket) => bucket === bytes.length),
    'the payload is not padded to a bucket',
  );
  const payload = exactObject(parseJsonObject(bytes), 'the payload', MEMBERS);
  check(payload.v === 1, 'the message is of an unknown kind');
  check(typeof payload.pad === 'string' && /^0*$/.test(payload.pad), 'the padding is not a run of 0');
  return {
    id: uuidOf(payload.id, 'id'),
    chat: uuidOf(payload.chat, 'chat'),
    from: uuidOf(payload.from, 'from'),
    to: parseTo(payload.to),
    sent: timeOf(payload.sent, 'sent'),
    previous: parsePrevious(payload.previous),
    log: parseLog(payload.log),
    body: parseBody(payload.body),
  };
}

function parseTo(value: unknown): readonly string[] {
  const kids = arrayOf(value, 'to', 1, MAX_RECIPIENTS).map((kid) => sha256TextOf(kid, 'a kid of to'));
  check(
    kids.every((kid, i) => i === 0 || String(kids[i - 1]) < kid),
    'to is not sorted, or names a kid twice',
  );
  return kids;
}

function parsePrevious(value: unknown): MessagePayload['previous'] {
  if (value === null) return null;
  const { seq, hash } = exactObject(value, 'previous', ['seq', 'hash']);
  return { seq: integerOf(seq, 'previous.seq', 1), hash: sha256TextOf(hash, 'previous.hash') };
}

function parseLog(value: unknown): MessagePayload['log'] {
  if (value === null) return null;
  const { size, root } = exactObject(value, 'log', ['size', 'root']);
  return { size: integerOf(size, 'log.size', 1), root: sha256TextOf(root, 'log.root') };
}

function parseBody(value: unknown): MessageBody {
  const { type, text } = exactObject(value, 'body', ['type', 'text']);
  check(type === 'text', 'the body is of an unknown type');
  return { type, text: textOf(text, 'text', 65_536) };
}
