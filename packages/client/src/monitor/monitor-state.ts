import { decodeBase64, encodeBase64, type Frontier, parseVerifierKey } from '@sealgate/protocol';

/** What a monitor keeps from one look to the next. It trusts it: whoever writes it decides what was seen. */
export interface MonitorState {
  /** The server's URL. */
  readonly url: string;
  /** The verifier key that heads have to be signed with. */
  readonly key: string;
  /** The newest signed head that fitted; null before the first. */
  readonly checkpoint: string | null;
  /** The tree up to that head. */
  readonly frontier: Frontier;
  /** The newest version of each account. */
  readonly versions: ReadonlyMap<string, number>;
}

/** The state file holds something else. Beginning anew instead would forget what was seen. */
export class StateError extends Error {
  override readonly name = 'StateError';
}

/** The state as text. */
export function formatState({ url, key, checkpoint, frontier, versions }: MonitorState): string {
  const hashes = frontier.hashes.map(encodeBase64);
  const state = {
    v: 1,
    url,
    key,
    checkpoint,
    size: frontier.size,
    hashes,
    versions: Object.fromEntries(versions),
  };
  return `${JSON.stringify(state)}\n`;
}

/** @throws StateError */
export async function parseState(text: string): Promise<MonitorState> {
  try {
    const { v, url, key, checkpoint, size, hashes, versions } = JSON.parse(text) as Record<string, unknown>;
    if (v !== 1 || typeof url !== 'string' || typeof key !== 'string' || !isSize(size))
      throw new TypeError('members');
    if (checkpoint !== null && typeof checkpoint !== 'string') throw new TypeError('checkpoint');
    if (!Array.isArray(hashes) || typeof versions !== 'object' || versions === null)
      throw new TypeError('tree');
    await parseVerifierKey(key);
    const entries = Object.entries(versions as Record<string, unknown>).map(
      ([user, version]): [string, number] => {
        if (!isSize(version)) throw new TypeError('version');
        return [user, version];
      },
    );
    const frontier = { size, hashes: hashes.map((hash) => decodeBase64(String(hash))) };
    return { url, key, checkpoint, frontier, versions: new Map(entries) };
  } catch (cause) {
    throw new StateError('the state file is not one of a monitor, or is damaged', { cause });
  }
}

function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
