import { describe, expect, it, vi } from 'vitest';
import { decodeBase64url } from '../base64url.js';
import { parseJsonObject } from '../json/parse-json-object.js';
import { thumbprint } from '../keys/thumbprint.js';
import { refusal } from '../testing/refusal.js';
import { bobOpens, content, ids, people, seal } from '../testing/test-messages.js';
import { envelopeHash, recipientsHash } from './envelope-hash.js';
import { openMessage } from './open-message.js';
import { parseEnvelope, requireAllRecipients } from './parse-envelope.js';
import { readerEnvelope } from './reader-envelope.js';

vi.setConfig({ testTimeout: 60_000 });

const { ada, bob } = people;
const kids = [ada.encryption.jwk.kid, bob.encryption.jwk.kid].sort();

/** The payload's length as the server can tell it: the plaintext's less the JWS around it. */
const payloadBytes = async (text: string) => {
  const { ciphertext } = await seal({ body: { type: 'text', text } });
  const header = `{"alg":"ES256","kid":"${'k'.repeat(43)}","typ":"sealgate-msg+jws"}`;
  const around = Math.ceil((header.length * 4) / 3) + 86 + 2;
  return Math.floor(((decodeBase64url(ciphertext).length - around) * 3) / 4);
};

describe('sealMessage', () => {
  it('makes what a reader opens, from the whole envelope and from the own entry alone', async () => {
    const envelope = await seal({
      previous: { seq: 6, hash: kids[0] ?? '' },
      log: { size: 9, root: kids[1] ?? '' },
    });
    const reduced = readerEnvelope(envelope, [bob.encryption.jwk.kid]);
    expect(reduced.recipients).toHaveLength(1);
    for (const given of [envelope, reduced]) {
      expect(await openMessage(bobOpens(JSON.parse(JSON.stringify(given))))).toEqual({
        ...content,
        to: kids,
        previous: { seq: 6, hash: kids[0] },
        log: { size: 9, root: kids[1] },
        seq: 7,
        hash: await envelopeHash(envelope),
        signedBy: ada.signing.jwk.kid,
      });
    }
  });

  it('makes exactly the members of the format', async () => {
    const envelope = await seal();
    expect(Object.keys(envelope).sort()).toEqual(['ciphertext', 'iv', 'protected', 'recipients', 'tag']);
    expect(envelope.recipients.map((recipient) => Object.keys(recipient).sort())).toEqual([
      ['encrypted_key', 'header'],
      ['encrypted_key', 'header'],
    ]);
    expect(parseJsonObject(decodeBase64url(envelope.protected))).toEqual({
      alg: 'RSA-OAEP-256',
      enc: 'A256GCM',
      typ: 'sealgate-msg+jwe',
      cty: 'sealgate-msg+jws',
      ...ids,
      to: await recipientsHash(kids),
    });
    await requireAllRecipients(parseEnvelope(envelope));
  });

  it('shows of a text no more than one of five lengths', async () => {
    expect(new Set(await Promise.all(['', 'a', 'é'.repeat(20), '€€'].map(payloadBytes)))).toEqual(
      new Set([1024]),
    );
    expect(await payloadBytes('a'.repeat(1000))).toBe(4096);
    expect(await payloadBytes('\n'.repeat(3000))).toBe(16_384);
    expect(await payloadBytes('😀'.repeat(10_000))).toBe(65_536);
  });

  it('refuses what does not fit, or what no reader would take', async () => {
    expect(await refusal(() => seal({ body: { type: 'text', text: 'a'.repeat(65_536) } }))).toBe('too-large');
    expect(await refusal(() => seal({ body: { type: 'text', text: '\ud800' } }))).toBe('malformed');
    expect(await refusal(() => seal({ id: 'mine' }))).toBe('malformed');
    expect(await refusal(() => seal({ sent: 'now' }))).toBe('malformed');
    expect(await refusal(() => seal({ recipients: [] }))).toBe('malformed');
    expect(await refusal(() => seal({ recipients: [bob.encryption.jwk, bob.encryption.jwk] }))).toBe(
      'malformed',
    );
  });

  it('checks a key again that was changed since it was sealed to', async () => {
    const key: Record<string, unknown> = { ...bob.encryption.jwk };
    const sealed = () => seal({ recipients: [key as unknown as typeof bob.encryption.jwk] });
    await sealed();
    for (const [change, reason] of [
      [{ e: 'AQ' }, 'exponent'],
      [{ n: ada.encryption.jwk.n }, 'thumbprint'],
      [{ d: 'AQ' }, 'private-member'],
    ] as const) {
      Object.assign(key, change);
      expect(await refusal(sealed)).toBe(reason);
      delete key['d'];
      Object.assign(key, bob.encryption.jwk);
      expect((await sealed()).recipients).toHaveLength(1);
    }
  });

  it('does not encrypt to a key with e = 1, whose ciphertext is no secret', async () => {
    const key = { ...bob.encryption.jwk, e: 'AQ', kid: await thumbprint({ ...bob.encryption.jwk, e: 'AQ' }) };
    expect(await refusal(() => seal({ recipients: [key as unknown as typeof bob.encryption.jwk] }))).toBe(
      'exponent',
    );
  });
});
