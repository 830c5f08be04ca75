import { exportAccountKeys } from '@sealgate/protocol';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileStorage } from '@sealgate/client/node';
import { spellings } from '../support/leaks.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { newDevice, signInAgain, signUp } from './client.js';
import { type HostileProxy, startHostileProxy } from './hostile-proxy.js';

let server: TestApp;
let proxy: HostileProxy;
let folder: string;
beforeAll(async () => {
  server = await startTestApp();
  proxy = await startHostileProxy(server.baseUrl);
  folder = await mkdtemp(join(tmpdir(), 'sealgate-client-'));
});
afterAll(async () => {
  await proxy.close();
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

interface StoredJwks {
  readonly jwks?: {
    readonly encryptionKey: Record<string, string>;
    readonly signingKey: Record<string, string>;
  };
}

describe('on the wire', () => {
  it('is no plaintext, no private key, no recovery code and no passphrase', async () => {
    const path = join(folder, 'ada');
    const storage = await fileStorage({ path, secret: 'a secret of the environment' });
    const ada = await signUp(proxy.baseUrl, { storage });
    await ada.client.keys.ensure();
    const bob = await signUp(proxy.baseUrl);
    await bob.client.keys.ensure();
    const chat = await ada.client.chats.direct(bob.id);
    const marker = 'wombat-marker-4711-text';
    const passphrase = 'wombat-marker-passphrase';
    await ada.client.messages.send(chat.id, marker);
    await ada.client.outbox.add(chat.id, `${marker} queued`);
    await ada.client.outbox.flush();
    const { recoveryCode, versions } = await ada.client.backup.create({ passphrase });
    expect(versions).toEqual([1]);
    await ada.client.backup.confirm(recoveryCode);
    const phone = await signInAgain(proxy.baseUrl, ada);
    await phone.client.backup.restore({ passphrase });
    expect((await phone.client.messages.history(chat.id)).items).toMatchObject([
      { text: marker },
      { text: `${marker} queued` },
    ]);

    const [[, own] = []] = await storage.entries(
      `${new URL(proxy.baseUrl).host}/account/${ada.id}/own-keys/`,
    );
    const { jwks } = own as StoredJwks;
    const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi'].map(
      (name) => jwks?.encryptionKey[name] ?? 'missing',
    );
    const secrets = [...privateMembers, jwks?.signingKey['d'] ?? 'missing'];
    expect(secrets).not.toContain('missing');
    const code = recoveryCode.replaceAll('-', '');
    const forbidden = [...secrets, ...[marker, passphrase, recoveryCode, code].flatMap(spellings)];
    const everything = proxy.recorded.map((request) => JSON.stringify(request)).join('\n');
    // The search itself finds what is there.
    expect(everything).toContain(ada.username);
    expect(forbidden.filter((text) => everything.includes(text))).toEqual([]);
    const lookups = ['"d"', '"p"', '"qi"'].map((name) => JSON.stringify(name).slice(1, -1));
    expect(lookups.filter((name) => everything.includes(`${name}:`))).toEqual([]);

    await storage.close();
    const file = (await readFile(path)).toString('latin1');
    expect(forbidden.filter((text) => file.includes(text))).toEqual([]);
    const again = await fileStorage({ path, secret: 'a secret of the environment' });
    const restarted = newDevice(proxy.baseUrl, { storage: again });
    expect(await restarted.client.keys.status()).toMatchObject({ state: 'ready', versionsHere: [1] });
    await restarted.client.messages.send(chat.id, 'after a restart');
    // In Node a new backup holds all keys, since a file can.
    expect(await restarted.client.backup.create()).toMatchObject({ versions: [1] });
    await again.close();
  });

  it('keeps private keys where no program can read them, once they are made', async () => {
    const { client, storage, id } = await signUp(proxy.baseUrl);
    await client.keys.ensure();
    const [[, own] = []] = await storage.entries(`${new URL(proxy.baseUrl).host}/account/${id}/own-keys/`);
    const { handles } = own as { handles: Parameters<typeof exportAccountKeys>[0] };
    expect(handles.encryption.privateKey).toMatchObject({ extractable: false });
    await expect(exportAccountKeys(handles)).rejects.toThrow(TypeError);
    // So a new backup, once the first code is confirmed, is one of new keys; the old ones go on reading.
    await client.backup.confirm();
    expect(await client.backup.create()).toMatchObject({ versions: [2] });
    expect(await client.keys.status()).toMatchObject({ state: 'ready', version: 2, versionsHere: [1, 2] });
  });
});
