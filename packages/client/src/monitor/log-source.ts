import { Refused, Unreachable } from './inconsistency.js';

/** A tile of entries has at most some 64 kB; nothing a log hands out is larger than a page of proofs. */
const MAX_BYTES = 20_000_000;
const REFUSAL_LENGTH = 2_000;

/** How the log is read. */
export interface LogSourceOptions {
  readonly fetch: typeof fetch;
  readonly timeoutMs: number;
}

/** A server's log from outside, without an account: `GET <server>/api/log/…`. */
export class LogSource {
  private readonly prefix: URL;

  constructor(
    url: URL,
    private readonly options: LogSourceOptions,
  ) {
    this.prefix = new URL('api/log/', url.href.endsWith('/') ? url : `${url.href}/`);
  }

  async text(path: string): Promise<string> {
    return new TextDecoder().decode(await this.bytes(path));
  }

  /** The `hashes` of a proof, as they came. */
  async hashes(path: string): Promise<unknown> {
    const text = await this.text(path);
    try {
      return (JSON.parse(text) as { hashes?: unknown } | null)?.hashes;
    } catch {
      return undefined;
    }
  }

  /** @throws Unreachable, or Refused where the server has the path not, or calls it wrong */
  async bytes(path: string): Promise<Uint8Array> {
    const { status, body } = await this.get(path);
    if (status === 200) return body;
    const text = new TextDecoder().decode(body).slice(0, REFUSAL_LENGTH);
    if (status === 400 || status === 404 || status === 410) throw new Refused(path, status, text);
    throw new Unreachable(`${path} was answered with ${status}`);
  }

  private async get(path: string): Promise<{ status: number; body: Uint8Array }> {
    try {
      const response = await this.options.fetch(new URL(path, this.prefix), {
        redirect: 'error',
        credentials: 'omit',
        signal: AbortSignal.timeout(this.options.timeoutMs),
        headers: { 'user-agent': 'sealgate-monitor' },
      });
      return { status: response.status, body: await readLimited(response) };
    } catch (cause) {
      const reason =
        cause instanceof Error ? (cause.cause instanceof Error ? cause.cause : cause).message : '';
      throw new Unreachable(`${path} was not answered: ${reason}`, { cause });
    }
  }
}

/** A server that never stops sending must not fill the memory of who watches it. */
async function readLimited(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  for (;;) {
    const { value } = (await reader?.read()) ?? {};
    if (value === undefined) break;
    chunks.push(value);
    length += value.length;
    if (length > MAX_BYTES) {
      await reader?.cancel();
      throw new Error('the answer does not end');
    }
  }
  const body = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}
