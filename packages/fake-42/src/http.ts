import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** Far more than a token request needs. */
const MAX_BODY_BYTES = 64 * 1024;

export type Parameters = ReadonlyMap<string, string>;

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers?: OutgoingHttpHeaders,
): void {
  send(response, status, 'application/json; charset=utf-8', JSON.stringify(body), headers);
}

export function sendText(
  response: ServerResponse,
  status: number,
  text: string,
  headers?: OutgoingHttpHeaders,
): void {
  send(response, status, 'text/plain; charset=utf-8', text, headers);
}

export function sendHtml(
  response: ServerResponse,
  status: number,
  html: string,
  headers?: OutgoingHttpHeaders,
): void {
  send(response, status, 'text/html; charset=utf-8', html, headers);
}

/** `303`, so that the browser never repeats a form's POST at the application (RFC 9700 §4.12). */
export function redirect(response: ServerResponse, location: string): void {
  response.writeHead(303, { location, 'cache-control': 'no-store', 'content-length': 0 }).end();
}

function send(
  response: ServerResponse,
  status: number,
  type: string,
  body: string,
  headers?: OutgoingHttpHeaders,
) {
  response
    .writeHead(status, {
      'content-type': type,
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
      ...headers,
    })
    .end(body);
}

/** @returns null when a name comes twice: which of the two counts would differ between client and server */
export function singleParameters(pairs: Iterable<[string, string]>): Parameters | null {
  const parameters = new Map<string, string>();
  for (const [name, value] of pairs) {
    if (parameters.has(name)) return null;
    parameters.set(name, value);
  }
  return parameters;
}

/**
 * Reads a form, or the flat JSON object that 42 takes as well.
 *
 * @returns null when the body is too long, of another type, malformed, or repeats a name
 */
export async function readParameters(request: IncomingMessage): Promise<Parameters | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  if (bytes > MAX_BODY_BYTES) return null;
  const body = Buffer.concat(chunks).toString('utf8');
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type === 'application/x-www-form-urlencoded') return singleParameters(new URLSearchParams(body));
  if (type === 'application/json') return jsonParameters(body);
  return null;
}

function jsonParameters(body: string): Parameters | null {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const entries = Object.entries(value).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return singleParameters(entries);
}
