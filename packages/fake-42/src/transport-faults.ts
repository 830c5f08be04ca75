import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { TransportFaultKind } from './faults.js';
import { sendHtml, sendJson, sendText } from './http.js';

const DRIP_INTERVAL_MS = 20;
const HUGE_BODY_BYTES = 50 * 1024 * 1024;
const CHUNK = 'x'.repeat(64 * 1024);
const ERROR_PAGE = '<!doctype html><html><head><title>Oops</title></head><body><h1>Oops</h1></body></html>';

/** Answers in the given bad way. `body` is what the honest answer would have said. */
export async function sendTransportFault(
  kind: TransportFaultKind,
  response: ServerResponse,
  body: unknown,
): Promise<void> {
  switch (kind) {
    case 'hang':
      return;
    case 'slow_headers':
      return drip(response, 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-slow: ', 'z');
    case 'drip_body':
      // White space before a JSON value is valid, so a reader has no reason to give up but its own deadline.
      return drip(
        response,
        'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n',
        ' ',
      );
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'cut_short':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 4096 });
      response.write('{"', () => response.destroy());
      return;
    case 'rate_limited':
      return sendText(response, 429, '429 Too Many Requests (Spam Rate Limit Exceeded)', {
        'retry-after': '1',
      });
    case 'internal_error':
      return sendJson(response, 500, { status: 500, error: 'Internal Server Error' });
    case 'bad_gateway_html':
      return sendHtml(response, 502, ERROR_PAGE);
    case 'html':
      return sendHtml(response, 200, ERROR_PAGE);
    case 'not_json':
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end('access_token=not-json&token_type=bearer');
      return;
    case 'empty_body':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 0 }).end();
      return;
    case 'redirect':
      response.writeHead(302, { location: '/redirected', 'content-length': 0 }).end();
      return;
    case 'huge_body':
      return sendHugeBody(response, body);
  }
}

/** Writes past ServerResponse, which cannot send half a header, and keeps adding a byte until the other side leaves. */
function drip(response: ServerResponse, opening: string, byte: string): void {
  const { socket } = response;
  if (!socket) return;
  socket.write(opening);
  const timer = setInterval(() => socket.write(byte), DRIP_INTERVAL_MS);
  socket.once('close', () => clearInterval(timer));
}

/** The honest JSON object with 50 MB of padding: only a reader with a cap of its own refuses it. */
async function sendHugeBody(response: ServerResponse, body: unknown): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/json' });
  const opening = JSON.stringify(body ?? {}).slice(0, -1);
  function* padded() {
    yield opening === '{' ? '{"padding":"' : `${opening},"padding":"`;
    for (let sent = 0; sent < HUGE_BODY_BYTES; sent += CHUNK.length) yield CHUNK;
    yield '"}';
  }
  await pipeline(Readable.from(padded()), response);
}
