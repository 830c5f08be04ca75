import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { open, readFile, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { acquireInstanceLock, type InstanceLock, LockHeldError } from '@sealgate/instance-lock';
import { HeldValues } from '../storage/held-values.js';
import type { Change, SealgateStorage } from '../storage/storage.js';
import { decodeValues, encodeValues } from './value-codec.js';

/** scrypt at 128 MiB: some 0.3 s. @see RFC 7914 §2 */
const SCRYPT = { N: 2 ** 17, r: 8, p: 1, maxmem: 2 ** 28 } as const;
const SALT_BYTES = 16;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const MAGIC = Buffer.from('sealgate-storage-1\n');

/** Where the file is, and what opens it. */
export interface FileStorageOptions {
  readonly path: string;
  /** A passphrase, or a secret of the environment. Whoever has it and the file has the account's keys. */
  readonly secret: string;
}

/**
 * Keeps everything in one file: AES-256-GCM under a key that scrypt derives from the secret, mode 600, replaced as a
 * whole and flushed to the disk before a write resolves. One process at a time.
 *
 * @throws Error where another process has it, where the secret is wrong, or where the file was changed
 */
export async function fileStorage({ path, secret }: FileStorageOptions): Promise<SealgateStorage> {
  if (secret === '') throw new TypeError('the secret is empty');
  const lock = await hold(path);
  try {
    const found = await readOrNull(path);
    const salt =
      found === null ? randomBytes(SALT_BYTES) : found.subarray(MAGIC.length, MAGIC.length + SALT_BYTES);
    const key = await derive(secret, salt);
    const values = found === null ? new Map<string, unknown>() : decodeValues(decrypt(found, key));
    return new FileStorage(path, key, salt, values, lock);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

class FileStorage extends HeldValues implements SealgateStorage {
  /** Handles cannot be written to a file: the keys stand in it as JWKs, encrypted with everything else. */
  readonly holdsCryptoKeys = false;
  private writing: Promise<void> | undefined;
  private queued: Promise<void> | undefined;

  constructor(
    private readonly path: string,
    private readonly key: Buffer,
    private readonly salt: Buffer,
    values: Map<string, unknown>,
    private readonly instanceLock: InstanceLock,
  ) {
    super(values);
  }

  async write(changes: readonly Change[]): Promise<void> {
    this.apply(changes);
    await this.flush();
  }

  async close(): Promise<void> {
    try {
      await this.queued;
      await this.writing;
    } finally {
      await this.instanceLock.release();
    }
  }

  /** Writes that come while the file is being written share the next write. */
  private flush(): Promise<void> {
    this.queued ??= (async () => {
      await this.writing?.catch(() => undefined);
      this.queued = undefined;
      this.writing = this.replace();
      await this.writing;
    })();
    return this.queued;
  }

  private async replace(): Promise<void> {
    const draft = `${this.path}.new`;
    const file = await open(draft, 'w', 0o600);
    try {
      // The draft of a crashed process may have another mode.
      await file.chmod(0o600);
      await file.writeFile(encrypt(encodeValues(this.values), this.key, this.salt));
      await file.sync();
    } finally {
      await file.close();
    }
    // What another process has written meanwhile is newer than what this one knows.
    if (!(await this.instanceLock.isHeld()))
      throw new Error('another process has taken this storage over while this one stood still');
    await rename(draft, this.path);
    await syncDirectory(dirname(this.path));
  }
}

/** A directory beside the file, which stays there. */
async function hold(path: string): Promise<InstanceLock> {
  try {
    return await acquireInstanceLock(`${path}.lock.d`);
  } catch (error) {
    if (!(error instanceof LockHeldError)) throw error;
    throw new Error(`another process (${error.pid}) uses this storage; its lock is ${error.path}`, {
      cause: error,
    });
  }
}

function encrypt(plaintext: Buffer, key: Buffer, salt: Buffer): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(MAGIC);
  const sealed = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([MAGIC, salt, iv, cipher.getAuthTag(), sealed]);
}

function decrypt(file: Buffer, key: Buffer): Buffer {
  const at = MAGIC.length + SALT_BYTES;
  if (!file.subarray(0, MAGIC.length).equals(MAGIC) || file.length < at + IV_BYTES + TAG_BYTES)
    throw new Error('this is no storage of the Sealgate client');
  const iv = file.subarray(at, at + IV_BYTES);
  const tag = file.subarray(at + IV_BYTES, at + IV_BYTES + TAG_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(MAGIC).setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(file.subarray(at + IV_BYTES + TAG_BYTES)), decipher.final()]);
  } catch (cause) {
    throw new Error('the storage does not open: another secret, or a changed file', { cause });
  }
}

function derive(secret: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(secret.normalize('NFKC'), salt, 32, SCRYPT, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

async function readOrNull(path: string): Promise<Buffer | null> {
  // What a crashed process left half written never was the storage.
  await unlink(`${path}.new`).catch(() => undefined);
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** The rename itself has to reach the disk; Windows has no such thing as opening a directory. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
