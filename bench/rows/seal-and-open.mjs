import { randomUUID } from 'node:crypto';
import { generateAccountKeys, openMessage, sealMessage } from '@sealgate/protocol';
import { interleave, median, ratio, row } from '../lib/rounds.mjs';

const TIMES = 60;
const TEXT = 'x'.repeat(300);
const { subtle } = globalThis.crypto;

/** A message sealed for two and opened by one, in Node: beside it the calls of WebCrypto that this cannot do without. */
export async function measure() {
  const [sender, reader] = await Promise.all([generateAccountKeys(), generateAccountKeys()]);
  const found = await interleave({
    floor: () => timed(() => bareSealAndOpen(sender, reader)),
    sealgate: () => timed(() => sealAndOpen(sender, reader)),
  });
  const detail = `${median(found.sealgate).toFixed(2)} ms to ${median(found.floor).toFixed(2)} ms a message`;
  return [
    row('seal and open a message, to WebCrypto alone', ratio(found.sealgate, found.floor), '≤', 1.5, detail),
  ];
}

async function timed(work) {
  const began = performance.now();
  for (let i = 0; i < TIMES; i += 1) await work();
  return (performance.now() - began) / TIMES;
}

async function sealAndOpen(sender, reader) {
  const ids = { id: randomUUID(), chat: randomUUID(), from: randomUUID() };
  const envelope = await sealMessage({
    ...ids,
    sent: new Date().toISOString(),
    previous: null,
    log: null,
    body: { type: 'text', text: TEXT },
    signer: { kid: sender.signing.jwk.kid, privateKey: sender.signing.privateKey },
    recipients: [sender.encryption.jwk, reader.encryption.jwk],
  });
  await openMessage({
    envelope,
    row: { id: ids.id, chatId: ids.chat, senderId: ids.from, seq: 1 },
    reader: {
      keys: new Map([[reader.encryption.jwk.kid, reader.encryption.privateKey]]),
      lostKids: new Set(),
    },
    senderKey: () => sender.signing.jwk,
  });
}

/** The keys come as JWKs, as from the server; everything else is bytes. */
async function bareSealAndOpen(sender, reader) {
  const payload = new TextEncoder().encode(TEXT.padEnd(1024, '0'));
  const ecdsa = { name: 'ECDSA', hash: 'SHA-256' };
  const signature = await subtle.sign(ecdsa, sender.signing.privateKey, payload);
  const key = await subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt', 'decrypt']);
  const raw = await subtle.exportKey('raw', key);
  const iv = globalThis.crypto.getRandomValues(new Uint8Array(12));
  const ciphertext = await subtle.encrypt({ name: 'AES-GCM', iv }, key, payload);
  const rsa = { name: 'RSA-OAEP', hash: 'SHA-256' };
  let wrapped = null;
  for (const { encryption } of [sender, reader]) {
    const publicKey = await subtle.importKey('jwk', bare(encryption.jwk), rsa, false, ['encrypt']);
    wrapped = await subtle.encrypt(rsa, publicKey, raw);
  }
  const unwrapped = await subtle.decrypt(rsa, reader.encryption.privateKey, wrapped);
  const opened = await subtle.importKey('raw', unwrapped, 'AES-GCM', false, ['decrypt']);
  const plaintext = await subtle.decrypt({ name: 'AES-GCM', iv }, opened, ciphertext);
  const { kty, crv, x, y } = sender.signing.jwk;
  const curve = { name: 'ECDSA', namedCurve: 'P-256' };
  const signingKey = await subtle.importKey('jwk', { kty, crv, x, y }, curve, false, ['verify']);
  if (!(await subtle.verify(ecdsa, signingKey, signature, plaintext))) throw new Error('does not verify');
}

function bare({ kty, n, e }) {
  return { kty, n, e };
}
