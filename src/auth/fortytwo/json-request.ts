import { FortyTwoError } from './fortytwo.errors.js';

/** A profile with every project of many years is some hundred kilobytes. */
const MAX_BODY_BYTES = 1024 * 1024;

/**
 * Asks 42 for a JSON document: one attempt, within the signal's deadline, at most 1 MiB.
 *
 * @param endpoint how the log calls it
 * @throws FortyTwoError `provider_unavailable` where trying later may help, else `provider_error`
 */
export async function requestJson(
  endpoint: string,
  url: string,
  init: RequestInit & { signal: AbortSignal },
): Promise<unknown> {
  const response = await attempt(endpoint, () =>
    // Not `error`: a redirect is then told apart from a lost connection. It is not followed either way.
    fetch(url, { ...init, redirect: 'manual', headers: { ...init.headers, accept: 'application/json' } }),
  );
  if (response.status !== 200) {
    await abandon(response);
    const isTemporary = response.status === 429 || response.status >= 500;
    const code = isTemporary ? 'provider_unavailable' : 'provider_error';
    throw new FortyTwoError(code, `the ${endpoint} endpoint answered ${response.status}`);
  }
  const type = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    await abandon(response);
    throw new FortyTwoError(
      'provider_error',
      `the ${endpoint} endpoint answered with something else than JSON`,
    );
  }
  const body = await attempt(endpoint, () => readCapped(response));
  if (body === null)
    throw new FortyTwoError('provider_error', `the ${endpoint} endpoint's answer is over 1 MiB`);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    // Without the cause: a parser's message quotes the body.
    throw new FortyTwoError('provider_error', `the ${endpoint} endpoint's JSON is malformed`);
  }
}

/** Whatever the network does on the way is a reason to try later. */
async function attempt<T>(endpoint: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    throw new FortyTwoError(
      'provider_unavailable',
      `the ${endpoint} endpoint gave no whole answer in time`,
      cause,
    );
  }
}

/** @returns null when the body is over the cap; no more than that was read */
async function readCapped(response: Response): Promise<Buffer | null> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the stream, which closes the connection.
    if (bytes > MAX_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function abandon(response: Response): Promise<void> {
  await response.body?.cancel().catch(() => undefined);
}
