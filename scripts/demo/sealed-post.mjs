// Keys and messages as a client handles them: everything secret stays here, everything from the server is checked.
import { randomUUID } from 'node:crypto';
import {
  generateAccountKeys,
  leafData,
  leafHash,
  logEntryOf,
  makeKeyStatement,
  openMessage,
  parseKeyStatement,
  parseProofHashes,
  parseVerifierKey,
  sealMessage,
  verifyCheckpoint,
  verifyInclusion,
  verifyStatementChain,
} from '@sealgate/protocol';
import { insist } from './person.mjs';

/** Makes the person's keys and registers their public parts. */
export async function registerKeys(person) {
  person.keys = await generateAccountKeys();
  const { json } = await makeKeyStatement({
    user: person.id,
    version: 1,
    keys: person.keys,
    previous: null,
    reset: false,
    createdAt: new Date().toISOString(),
  });
  const { log } = await person.ask('POST', '/api/crypto/generate-keys', 201, { statement: json });
  await checkLogged(person, json, log);
}

/** Another person's keys: each statement is in the log, and the chain of statements holds. */
export async function keysOf(person, other) {
  const { keys } = await person.ask('GET', `/api/crypto/keys/${other.id}`, 200);
  insist(keys.length > 0, `${other.name} has keys`);
  for (const { statement, log } of keys) await checkLogged(person, statement, log);
  return verifyStatementChain(
    await Promise.all(keys.map(({ statement }) => parseKeyStatement(statement))),
    other.id,
  );
}

async function checkLogged(person, statement, { index, size, checkpoint, hashes }) {
  const line = await (await fetch(new URL('/api/log/key', person.baseUrl))).text();
  const head = await verifyCheckpoint(checkpoint, await parseVerifierKey(line.trim()));
  insist(head.size === size, 'the checkpoint is of the size that the proof is for');
  const leaf = await leafHash(leafData(logEntryOf(await parseKeyStatement(statement))));
  await verifyInclusion({ leaf, index, size, root: head.root, proof: parseProofHashes(hashes) });
}

export async function seal(from, chatId, text, recipients) {
  const id = randomUUID();
  const envelope = await sealMessage({
    id,
    chat: chatId,
    from: from.id,
    sent: new Date().toISOString(),
    previous: null,
    log: null,
    body: { type: 'text', text },
    signer: { kid: from.keys.signing.jwk.kid, privateKey: from.keys.signing.privateKey },
    recipients,
  });
  return { id, chatId, envelope };
}

/** Opens a message of the server's for its reader. @param statements of the sender, verified. */
export async function open(reader, message, statements) {
  const opened = await openMessage({
    envelope: message.envelope,
    row: message,
    reader: {
      keys: new Map([[reader.keys.encryption.jwk.kid, reader.keys.encryption.privateKey]]),
      lostKids: new Set(),
    },
    senderKey: (_user, kid) =>
      statements.map(({ payload }) => payload.signingKey).find((key) => key.kid === kid),
  });
  return opened.body.text;
}
