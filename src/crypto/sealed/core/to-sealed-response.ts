import type { JsonValue, SealedResponse } from '@sealgate/protocol';

/** An answer as the router gave it. */
export interface PlainResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, number | string | readonly string[] | undefined>>;
  readonly rawPayload: Buffer;
}

/** Headers that tell the client something; the others speak to browsers and caches, or are cookies. */
const TOLD = [
  'content-type', 'location', 'retry-after', 'ratelimit', 'ratelimit-policy', 'x-request-id', 'cache-control',
]; // prettier-ignore

/** The content of a sealed answer: a JSON body as JSON, any other as text, none as null. */
export function toSealedResponse({ statusCode, headers, rawPayload }: PlainResponse): SealedResponse {
  const told = TOLD.flatMap((name): [string, string][] => {
    const value = headers[name];
    return value === undefined ? [] : [[name, String(value)]];
  });
  return {
    status: statusCode,
    headers: Object.fromEntries(told),
    body: parseBody(rawPayload, String(headers['content-type'] ?? '')),
  };
}

function parseBody(payload: Buffer, contentType: string): JsonValue {
  if (payload.length === 0) return null;
  const text = payload.toString('utf8');
  return /^application\/([\w.-]+\+)?json\b/.test(contentType) ? (JSON.parse(text) as JsonValue) : text;
}
