import { clientError } from '../errors.js';
import { type Answer, type Exchange, target, type Transport } from './exchange.js';

/** How requests reach the server. */
export interface PlainTransportOptions {
  readonly baseUrl: string;
  readonly fetch: typeof fetch;
  readonly locale: string | undefined;
  readonly timeoutMs: number;
}

/** Requests as they are, over `fetch`. */
export function plainTransport(options: PlainTransportOptions): Transport {
  return async (exchange) => {
    const { method, body, accessToken } = exchange;
    const response = await answered(options, exchange, (signal) =>
      options.fetch(new URL(target(exchange), options.baseUrl), {
        method,
        signal,
        credentials: 'include',
        redirect: 'error',
        headers: headersOf(options, accessToken, body === undefined ? undefined : 'application/json'),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
    return response;
  };
}

/** The headers that every request has. */
export function headersOf(
  { locale }: Pick<PlainTransportOptions, 'locale'>,
  accessToken: string | undefined,
  contentType: string | undefined,
): Record<string, string> {
  return {
    ...(contentType === undefined ? {} : { 'content-type': contentType }),
    ...(accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }),
    ...(locale === undefined ? {} : { 'accept-language': locale }),
  };
}

/** Sends, reads the answer whole, and names what can go wrong on the way. */
export async function answered(
  { timeoutMs }: Pick<PlainTransportOptions, 'timeoutMs'>,
  { signal }: Pick<Exchange, 'signal'>,
  send: (signal: AbortSignal) => Promise<Response>,
): Promise<Answer> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await send(signal === undefined ? timeout : AbortSignal.any([signal, timeout]));
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: parse(response, text) };
  } catch (cause) {
    if (signal?.aborted) throw cause;
    if (timeout.aborted) throw clientError('timeout', 'the server did not answer in time', { cause });
    throw clientError('network', 'the server cannot be reached', { cause });
  }
}

function parse(response: Response, text: string): unknown {
  if (text === '') return null;
  if (!/^application\/(?:[\w.+-]+\+)?json\b/.test(response.headers.get('content-type') ?? '')) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
