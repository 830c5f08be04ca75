import type { SealgateOptions, SealgateStorage } from '@sealgate/client';
import { readerEnvelope } from '@sealgate/protocol';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileStorage } from '@sealgate/client/node';
import { generateSync } from 'otplib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/common/ids.js';
import { buildIfStale, type BuiltServer, scratchDir, startBuiltServer } from '../demo/built-server.js';
import { Browser } from '../support/browser.js';
import { cloneDatabase, type TestDatabase } from '../support/database.js';
import { spellings, wholeDatabase } from '../support/leaks.js';
import { newUsername, signUp } from '../support/people.js';
import { SECRETS } from '../support/secrets.js';
import { type ClientPerson, newDevice, signInAgain } from './client.js';

/** In no word that the server makes. */
const MARKER = 'quokka-4711';
const PASSWORD = `${MARKER} lantern gravel password`;
const PASSPHRASE = `${MARKER} harbour violet passphrase`;

let database: TestDatabase;
let server: BuiltServer;
let folder: string;
beforeAll(async () => {
  buildIfStale();
  database = await cloneDatabase();
  folder = await scratchDir();
  server = await startBuiltServer({
    ...SECRETS,
    DATABASE_URL: database.url,
    DATA_DIR: folder,
    LOG_LEVEL: 'trace',
    SERVER_SIDE_CRYPTO: 'true',
    RATE_LIMIT_FACTOR: '1000',
  });
});
afterAll(async () => {
  await server.stop();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

async function register(name: string, options: Partial<SealgateOptions> = {}): Promise<ClientPerson> {
  const { client, storage } = newDevice(server.url, options);
  const username = newUsername(name);
  const email = `${username}@example.org`;
  const { user } = await client.auth.register({ username, email, password: PASSWORD });
  return { client, storage, id: user.id, username, email, password: PASSWORD };
}

/** What a device keeps of the session and of the private keys. */
async function secretsOf(storage: SealgateStorage, userId: string): Promise<string[]> {
  const host = new URL(server.url).host;
  const session = (await storage.get(`${host}/session`)) as { accessToken: string; refreshToken: string };
  const [[, own] = []] = await storage.entries(`${host}/account/${userId}/own-keys/`);
  const { jwks } = own as { jwks: { encryptionKey: Jwk; signingKey: Jwk } };
  return [session.accessToken, session.refreshToken, ...privateMembers(jwks)];
}

type Jwk = Readonly<Record<string, string>>;

function privateMembers(jwks: { readonly encryptionKey: Jwk; readonly signingKey: Jwk }): string[] {
  const ofRsa = ['d', 'p', 'q', 'dp', 'dq', 'qi'].map((name) => jwks.encryptionKey[name] ?? '');
  return [...ofRsa, jwks.signingKey['d'] ?? ''];
}

/** Two people, one with a second device, one sealed; a group; both secrets of a backup. @returns all that is secret. */
async function playWithClients(): Promise<string[]> {
  const storage = await fileStorage({ path: join(folder, 'device-of-ada'), secret: 'of the environment' });
  const ada = await register('ada', { storage });
  const { secret } = await ada.client.twoFactor.generate();
  const { recoveryCodes } = await ada.client.twoFactor.enable(generateSync({ strategy: 'totp', secret }));
  const bob = await register('bob', { sealed: true });
  await bob.client.twoFactor.skip();
  for (const { client } of [ada, bob]) await client.keys.ensure();
  const chat = await ada.client.chats.direct(bob.id);
  await ada.client.messages.send(chat.id, `${MARKER} written`);
  await bob.client.messages.send(chat.id, `${MARKER} answered, sealed`);
  const group = await bob.client.chats.group('A title is no secret', [ada.id]);
  await bob.client.messages.send(group.id, `${MARKER} to the group`);
  const { recoveryCode } = await ada.client.backup.create({ passphrase: PASSPHRASE });
  await ada.client.backup.confirm(recoveryCode);
  const phone = await signInAgain(server.url, ada);
  await phone.client.twoFactor.recover(recoveryCodes[0] ?? '');
  await phone.client.backup.restore({ recoveryCode });
  expect((await phone.client.messages.history(chat.id)).items).toMatchObject([
    { text: `${MARKER} written` },
    { text: `${MARKER} answered, sealed` },
  ]);
  const ofDevice = await secretsOf(storage, ada.id);
  await storage.close();
  return [...ofDevice, secret, ...recoveryCodes, recoveryCode, recoveryCode.replaceAll('-', '')];
}

/** Somebody whose keys the server makes, and who lets it seal and open. @returns all that is secret. */
async function playWithServerSideCrypto(): Promise<string[]> {
  const person = await signUp({ browser: () => new Browser(server.url) });
  const jwks = (await person.browser.post('/api/crypto/generate-keys')).body;
  const other = await signUp({ browser: () => new Browser(server.url) });
  await other.browser.post('/api/crypto/generate-keys');
  const chat = (await person.browser.post('/api/chats', { memberIds: [other.user.id] })).body;
  const text = { id: newId(), chatId: chat.id, plaintext: `${MARKER} by the server` };
  const { envelope } = (
    await person.browser.post('/api/crypto/encrypt', { ...text, signingKey: jwks.signingKey })
  ).body;
  await person.browser.post('/api/messages/send', { id: text.id, chatId: chat.id, envelope });
  const mine = readerEnvelope(envelope, [jwks.encryptionKey.kid]);
  const opened = await person.browser.post('/api/crypto/decrypt', {
    envelope: mine,
    privateKey: jwks.encryptionKey,
  });
  expect(opened.body).toMatchObject({ plaintext: text.plaintext, e2ee: false });
  // Refusals quote nothing either.
  const wrong = { ...text, signingKey: { ...jwks.signingKey, d: MARKER } };
  expect((await person.browser.post('/api/crypto/encrypt', wrong)).status).toBe(400);
  expect((await person.browser.post('/auth/login', { email: MARKER, password: PASSWORD })).status).toBe(400);
  return privateMembers(jwks);
}

async function filesBelow(path: string): Promise<string> {
  const names = await readdir(path, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return (await Promise.all(files.map((file) => readFile(file, 'latin1')))).join('\n');
}

describe('after a run', () => {
  it(
    'neither the database, with the backups in it, nor the log, nor any file holds a secret of its people',
    { timeout: 180_000 },
    async () => {
      const secrets = [...(await playWithClients()), ...(await playWithServerSideCrypto())];
      expect(secrets.filter((secret) => secret.length < 6)).toEqual([]);
      await server.stop();
      const places = {
        database: await wholeDatabase(database),
        log: server.output(),
        files: await filesBelow(folder),
      };
      // The search itself finds what is there.
      expect(places.database).toContain('A title is no secret');
      expect(places.log).toContain('/api/messages/send');
      expect(places.files).toContain('@example.org');
      const forbidden = [MARKER, PASSWORD, PASSPHRASE, ...secrets].flatMap(spellings);
      for (const [place, text] of Object.entries(places))
        expect(
          forbidden.filter((one) => text.includes(one)),
          place,
        ).toEqual([]);
    },
  );
});
