import {
  type AccountKeys,
  exportAccountKeys,
  importAccountKeys,
  type PrivateAccountJwks,
  type VersionedKeys,
} from '@sealgate/protocol';
import type { Change, SealgateStorage } from '../storage/storage.js';

/** One version of the own keys: handles whose bytes nobody can read, or JWKs in a storage that encrypts. */
type StoredKeys = {
  readonly version: number;
  /** Of the statement that names them; what tells own entries of the key log from foreign ones. */
  readonly payloadHash: string;
} & ({ readonly handles: AccountKeys } | { readonly jwks: PrivateAccountJwks });

/** The own keys of one version, ready for use. */
export interface OwnKeys extends VersionedKeys {
  readonly payloadHash: string;
}

const PREFIX = 'own-keys/';

/** The account's private keys on this device. */
export class KeyStore {
  private readonly imported = new Map<string, AccountKeys>();

  constructor(private readonly storage: SealgateStorage) {}

  /** All versions that are here, the oldest first. */
  async list(): Promise<readonly OwnKeys[]> {
    const entries = await this.storage.entries(PREFIX);
    const all = await Promise.all(entries.map(([, value]) => this.open(value as StoredKeys)));
    return all.sort((a, b) => a.version - b.version);
  }

  /**
   * What to write to keep these keys. Extractable ones are turned into handles that are not, where the storage can
   * hold handles: from then on nobody can read their bytes, this program included.
   */
  async keeping(version: number, keys: AccountKeys, payloadHash: string): Promise<Change> {
    const jwks = await exportAccountKeys(keys);
    const stored: StoredKeys = this.storage.holdsCryptoKeys
      ? { version, payloadHash, handles: await importAccountKeys(jwks) }
      : { version, payloadHash, jwks };
    return [PREFIX + String(version), stored];
  }

  /** What to write to keep keys that cannot be read any more. */
  keepingHandles(version: number, handles: AccountKeys, payloadHash: string): Change {
    return [PREFIX + String(version), { version, payloadHash, handles }];
  }

  /** What to write to take them away. */
  dropping(version: number): Change {
    return [PREFIX + String(version), undefined];
  }

  /** Extractable keys of all versions, for a backup; null where the storage holds handles. */
  async extractable(): Promise<readonly VersionedKeys[] | null> {
    if (this.storage.holdsCryptoKeys) return null;
    const entries = await this.storage.entries(PREFIX);
    const all = await Promise.all(
      entries.map(async ([, value]) => {
        const stored = value as StoredKeys;
        if (!('jwks' in stored)) throw new TypeError('the storage does not hold handles');
        return {
          version: stored.version,
          keys: await importAccountKeys(stored.jwks, { extractable: true }),
        };
      }),
    );
    return all.sort((a, b) => a.version - b.version);
  }

  private async open(stored: StoredKeys): Promise<OwnKeys> {
    const { version, payloadHash } = stored;
    if ('handles' in stored) return { version, payloadHash, keys: stored.handles };
    const { kid } = stored.jwks.encryptionKey;
    const keys = this.imported.get(kid) ?? (await importAccountKeys(stored.jwks));
    this.imported.set(kid, keys);
    return { version, payloadHash, keys };
  }
}
