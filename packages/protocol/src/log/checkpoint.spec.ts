import type { webcrypto } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Bytes } from '../bytes.js';
import { refusal } from '../testing/refusal.js';
import { decodeBase64, encodeBase64 } from './base64.js';
import { formatCheckpoint, parseCheckpoint, verifyCheckpoint } from './checkpoint.js';
import { leafData, parseLogEntry } from './log-entry.js';
import { parseProofHashes } from './proof-hashes.js';
import { parseNote, verifyNote } from './signed-note.js';
import { formatVerifierKey, makeVerifierKey, parseVerifierKey, type VerifierKey } from './verifier-key.js';

vi.setConfig({ testTimeout: 60_000 });

const origin = 'localhost:3000/log';
const root = new Uint8Array(32).fill(7);
let key: VerifierKey;
let sign: (data: Bytes) => Promise<Uint8Array>;
let note: string;

beforeAll(async () => {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, [
    'sign',
    'verify',
  ])) as webcrypto.CryptoKeyPair;
  sign = async (data) => new Uint8Array(await crypto.subtle.sign('Ed25519', pair.privateKey, data));
  key = await makeVerifierKey(origin, new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)));
  note = await formatCheckpoint({ origin, size: 42, root }, key, sign);
});

describe('the note of the documentation of golang.org/x/mod/sumdb/note', () => {
  const line = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
  const text =
    'If you think cryptography is the answer to your problem,\nthen you don’t know what your problem is.\n'.replace(
      '’',
      "'",
    );
  const signed = `${text}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;

  it('verifies under its key, which is written as it was read', async () => {
    const published = await parseVerifierKey(line);
    expect(formatVerifierKey(published)).toBe(line);
    await verifyNote(parseNote(signed), published);
    expect(await refusal(() => verifyNote(parseNote(signed.replace('think', 'thank')), published))).toBe(
      'bad-signature',
    );
  });
});

it('reads any note, but none with what cannot be seen, without an end, or with half a signature', async () => {
  const signature = `— a/log ${encodeBase64(new Uint8Array(68))}\n`;
  expect(parseNote(`é\n\nmore\n\n${signature}`)).toMatchObject({ text: 'é\n\nmore\n' });
  const short = `— a/log ${encodeBase64(new Uint8Array(4))}\n`;
  for (const bad of [
    `a\tb\n\n${signature}`,
    `a\u0000\n\n${signature}`,
    `a\r\n\n${signature}`,
    `a\ud800\n\n${signature}`,
    `${'a'.repeat(70_000)}\n\n${signature}`,
    `a\n\n${short}`,
    `a\n\n${signature.repeat(101)}`,
    `\n\n${signature}`.slice(1),
  ]) {
    expect(await refusal(() => parseNote(bad))).toBe('malformed');
  }
});

describe('a checkpoint', () => {
  it('verifies under the log’s key and says what the log said', async () => {
    expect(note).toMatch(
      /^localhost:3000\/log\n42\n[A-Za-z0-9+/]{43}=\n\n— localhost:3000\/log [A-Za-z0-9+/]{91}=\n$/,
    );
    expect(await verifyCheckpoint(note, key)).toEqual({ origin, size: 42, root });
    const published = await parseVerifierKey(formatVerifierKey(key));
    expect(await verifyCheckpoint(note, published)).toEqual({ origin, size: 42, root });
  });

  it('verifies with others’ signatures beside the log’s', async () => {
    const [text = '', own = ''] = note.split('\n\n');
    const cosigned = `${text}\n\n— witness.example/w1 ${encodeBase64(new Uint8Array(76))}\n${own}`;
    expect(await verifyCheckpoint(cosigned, key)).toEqual({ origin, size: 42, root });
  });

  it('is refused when changed, of another log, or by another key', async () => {
    expect(await refusal(() => verifyCheckpoint(note.replace('\n42\n', '\n43\n'), key))).toBe(
      'bad-signature',
    );
    const other = await makeVerifierKey('localhost:4000/log', key.publicKey);
    expect(await refusal(() => verifyCheckpoint(note, other))).toBe('unknown-log');
    const replaced = await makeVerifierKey(origin, new Uint8Array(32).fill(3));
    expect(await refusal(() => verifyCheckpoint(note, replaced))).toBe('bad-signature');
    expect(
      await refusal(() =>
        verifyCheckpoint(note.replace('— localhost:3000/log', '— localhost:4000/log'), key),
      ),
    ).toBe('bad-signature');
    // The right hint does not make it the right key.
    expect(await refusal(() => verifyCheckpoint(note, { ...key, publicKey: replaced.publicKey }))).toBe(
      'bad-signature',
    );
  });

  it.each<[string, (note: string) => string]>([
    ['no signature', (text) => text.split('\n\n')[0] ?? ''],
    ['no last newline', (text) => text.slice(0, -1)],
    ['a leading zero', (text) => text.replace('\n42\n', '\n042\n')],
    ['a huge size', (text) => text.replace('\n42\n', '\n9999999999999999\n')],
    ['an exponent', (text) => text.replace('\n42\n', '\n4e1\n')],
    ['an extension line', (text) => text.replace('\n\n', '\nmore\n\n')],
    ['no root', (text) => text.replace(/\n[^\n]{44}\n/, '\n\n')],
    ['a short root', (text) => text.replace(/\n[^\n]{44}\n/, '\nAAAA\n')],
    ['a carriage return', (text) => text.replaceAll('\n', '\r\n')],
    ['a hyphen for the dash', (text) => text.replace('—', '-')],
    ['two spaces', (text) => text.replace('— ', '—  ')],
    [
      'a signature of the URL-safe alphabet',
      (text) => text.replace(/[+/](?=[^ \n]*\n$)/g, '_').replace(/.=\n$/, '_=\n'),
    ],
    ['nothing', () => ''],
    ['100 kB', (text) => 'a'.repeat(100_000) + text],
  ])('is refused as malformed with %s', async (_, change) => {
    expect(await refusal(() => verifyCheckpoint(change(note), key))).toBe('malformed');
  });

  it('refuses arbitrary text', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[a\n —]{0,20}$/)),
        async (text) => {
          expect(await refusal(() => parseCheckpoint(text))).toBe('malformed');
          expect(await refusal(() => parseVerifierKey(text))).toBe('malformed');
        },
      ),
    );
  });

  it('is signed by its own log alone', async () => {
    for (const checkpoint of [
      { origin: 'a/log', size: 1, root },
      { origin, size: -1, root },
      { origin, size: 1, root: root.slice(1) },
    ]) {
      await expect(formatCheckpoint(checkpoint, key, sign)).rejects.toThrow(TypeError);
    }
  });
});

describe('a verifier key', () => {
  it.each(['a b', 'a+b', '', 'a\nb', 'a\u2028b', 'a\u0000'])('has no name like %j', async (name) => {
    expect(await refusal(() => makeVerifierKey(name, key.publicKey))).toBe('malformed');
  });

  it('is refused with another hint, another type or another length', async () => {
    const line = formatVerifierKey(key);
    const [name = '', hint = '', ...encoded] = line.split('+');
    const parts = decodeBase64(encoded.join('+'));
    for (const bad of [
      `${name}+00000000+${encoded.join('+')}`,
      `${name}+${hint.toUpperCase().replace(/^\d+$/, 'ABCDEFAB')}+${encoded.join('+')}`,
      `${name}+${hint}+${encodeBase64(Uint8Array.of(2, ...parts.slice(1)))}`,
      `${name}+${hint}+${encodeBase64(parts.slice(1))}`,
      `${line}\n`,
    ]) {
      expect(await refusal(() => parseVerifierKey(bad))).toBe('malformed');
    }
  });
});

describe('base64', () => {
  it('has one text for any bytes', async () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
        expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes);
      }),
    );
    for (const text of ['QQ', 'QQ=', 'QR==', 'QQ==\n', 'Q Q=', '-_-_', 'QQ===', '====', 'QUJD=']) {
      expect(await refusal(() => decodeBase64(text))).toBe('malformed');
    }
  });
});

describe('a log entry', () => {
  const entry = {
    v: 1,
    user: '0b4b1dcb-3b2a-4d1c-9a57-0d8a3e3c8f10',
    version: 3,
    statement: 'A'.repeat(43),
  } as const;

  it('has the leaf data of RFC 8785', () => {
    expect(new TextDecoder().decode(leafData(entry))).toBe(
      `{"statement":"${'A'.repeat(43)}","user":"0b4b1dcb-3b2a-4d1c-9a57-0d8a3e3c8f10","v":1,"version":3}`,
    );
  });

  it('is read strictly', async () => {
    expect(parseLogEntry({ ...entry })).toEqual(entry);
    for (const change of [
      { v: 2 },
      { user: 'ada' },
      { version: 0 },
      { statement: '' },
      { extra: 1 },
      { statement: undefined },
    ]) {
      expect(await refusal(() => parseLogEntry({ ...entry, ...change }))).toBe('malformed');
    }
  });
});

it('reads the hashes of proofs strictly', async () => {
  expect(parseProofHashes([encodeBase64(root)])).toEqual([root]);
  for (const value of [
    null,
    {},
    [1],
    ['AAAA'],
    [`${encodeBase64(root)}=`],
    Array.from({ length: 65 }, () => encodeBase64(root)),
  ]) {
    expect(await refusal(() => parseProofHashes(value))).toBe('malformed');
  }
});
