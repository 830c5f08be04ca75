import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { encodeBase64url } from '../base64url.js';
import { utf8 } from '../bytes.js';
import { quickRefusal, refusal } from '../testing/refusal.js';
import { forge, otherId, people, seal } from '../testing/test-messages.js';
import { parseEnvelope, requireAllRecipients } from './parse-envelope.js';

vi.setConfig({ testTimeout: 60_000 });

const envelope = await seal();
const [entry, second] = envelope.recipients;
const reason = (value: unknown) => quickRefusal(() => parseEnvelope(value));
const header = (json: string) => ({ ...envelope, protected: encodeBase64url(utf8(json)) });
const headerJson = atob(envelope.protected.replaceAll('-', '+').replaceAll('_', '/'));

describe('parseEnvelope', () => {
  it('takes an envelope of ours and returns a copy of it', () => {
    const { json, header: parsed, kids } = parseEnvelope(envelope);
    expect(json).toEqual(envelope);
    expect(json).not.toBe(envelope);
    expect(parsed).toEqual({ id: parsed.id, chat: parsed.chat, from: parsed.from, to: parsed.to });
    expect(kids).toEqual(envelope.recipients.map(({ header: { kid } }) => kid));
  });

  it.each<[string, object]>([
    ['a shared unprotected header', { unprotected: { alg: 'RSA-OAEP-256' } }],
    ['aad', { aad: 'AAAA' }],
    ['the members of the flattened form', { encrypted_key: entry?.encrypted_key, header: entry?.header }],
    ['padding', { tag: `${envelope.tag}==` }],
    ['white space', { iv: ` ${envelope.iv}` }],
    ['stray final bits', { tag: `${envelope.tag.slice(0, -1)}${envelope.tag.endsWith('B') ? 'C' : 'B'}` }],
    ['a short tag', { tag: envelope.tag.slice(0, 16) }],
    ['a long iv', { iv: `${envelope.iv}AAAA` }],
    ['no ciphertext', { ciphertext: '' }],
    ['too much ciphertext', { ciphertext: 'A'.repeat(120_000) }],
    ['no recipients', { recipients: [] }],
    ['257 recipients', { recipients: Array.from({ length: 257 }, () => entry) }],
    ['the same kid twice', { recipients: [entry, { ...second, header: entry?.header }] }],
    ['an alg for one recipient', { recipients: [{ ...entry, header: { ...entry?.header, alg: 'dir' } }] }],
    ['a recipient without a header', { recipients: [{ encrypted_key: entry?.encrypted_key }] }],
    ['a recipient with more', { recipients: [{ ...entry, iv: envelope.iv }] }],
    ['the encrypted key of RSA 2048', { recipients: [{ ...entry, encrypted_key: 'A'.repeat(342) }] }],
    ['the encrypted key of RSA 8192', { recipients: [{ ...entry, encrypted_key: 'A'.repeat(1366) }] }],
    ['a kid that is no thumbprint', { recipients: [{ ...entry, header: { kid: 'bob' } }] }],
  ])('refuses %s', async (_, change) => {
    expect(await reason({ ...envelope, ...change })).toBe('malformed');
  });

  it.each<[string, Record<string, unknown>]>([
    ['zip', { zip: 'DEF' }],
    ['crit', { crit: ['exp'], exp: 1 }],
    ['jwk', { jwk: people.ada.encryption.jwk }],
    ['jku', { jku: 'https://example.com/keys' }],
    ['x5c', { x5c: [] }],
    ['kid', { kid: people.ada.encryption.jwk.kid }],
    ['another alg', { alg: 'RSA-OAEP' }],
    ['another enc', { enc: 'A128GCM' }],
    ['another typ', { typ: 'sealgate-msg+jws' }],
    ['another cty', { cty: 'JWT' }],
    ['an id that is no UUID', { id: otherId.toUpperCase() }],
    ['to that is no hash', { to: [] }],
    ['no to', { to: undefined }],
  ])('refuses %s in the header', async (_, change) => {
    expect(await reason(header(JSON.stringify({ ...(JSON.parse(headerJson) as object), ...change })))).toBe(
      'malformed',
    );
  });

  it('refuses a header that names a member twice', async () => {
    expect(await reason(header(headerJson.replace('{', '{"alg":"dir",')))).toBe('malformed');
  });

  it('takes recipients in any order, and only those that the header names', async () => {
    await requireAllRecipients(parseEnvelope({ ...envelope, recipients: [second, entry] }));
    expect(
      await refusal(() => requireAllRecipients(parseEnvelope({ ...envelope, recipients: [entry] }))),
    ).toBe('malformed');
    const other = await forge({ recipients: [people.ada, people.eve] });
    const swapped = { ...envelope, recipients: other.recipients };
    expect(await refusal(() => requireAllRecipients(parseEnvelope(swapped)))).toBe('malformed');
  });

  it('refuses arbitrary JSON, arbitrary bytes and huge ones, quickly', async () => {
    const huge = 'A'.repeat(5_000_000);
    for (const value of [
      huge,
      { ...envelope, protected: huge },
      { ...envelope, recipients: Array(1_000_000).fill(0) },
    ]) {
      expect(await reason(value)).toBe('malformed');
    }
    const member = fc.constantFrom('protected', 'iv', 'ciphertext', 'tag', 'recipients');
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.jsonValue(), fc.uint8Array(), fc.string()),
        member,
        async (value, name) => {
          expect(await reason(value)).toBe('malformed');
          if (name !== 'ciphertext') expect(await reason({ ...envelope, [name]: value })).toBe('malformed');
        },
      ),
    );
  });
});
