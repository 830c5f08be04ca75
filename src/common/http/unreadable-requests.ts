import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { newId } from '../ids.js';
import { DomainError } from '../problem/domain-error.js';
import { MalformedRequest } from '../problem/common.errors.js';
import { toProblem } from '../problem/problem.filter.js';

/**
 * Answers what the parser could not read, and so never became a request: with a problem document like everything else,
 * and the end of the connection, as nobody knows where the next request would begin.
 * @param headers what every answer carries.
 */
export function answerUnreadable(
  error: NodeJS.ErrnoException,
  socket: Socket,
  headers: Readonly<Record<string, string>>,
): void {
  // Reset by the client, or its answer has begun: there is nobody to tell, or nothing to tell it in.
  if (error.code === 'ECONNRESET' || !socket.writable || hasBegun(socket)) return void socket.destroy();
  const id = newId();
  const problem = toDomainError(error);
  const body = JSON.stringify(toProblem(problem, id));
  const fields = {
    ...headers,
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    'cache-control': 'no-store',
    'x-request-id': id,
    connection: 'close',
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}`);
  const statusLine = `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? 'Error'}`;
  socket.end(`${[statusLine, ...lines].join('\r\n')}\r\n\r\n${body}`);
}

/** As Node's own answer to such errors asks for it. */
function hasBegun(socket: Socket): boolean {
  const { _httpMessage: answer } = socket as { _httpMessage?: { headersSent?: boolean } | null };
  return answer?.headersSent === true;
}

function toDomainError({ code }: NodeJS.ErrnoException): DomainError {
  if (code === 'HPE_HEADER_OVERFLOW')
    return new DomainError('headers_too_large', 431, 'The request headers are too large');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new DomainError('request_timeout', 408, 'The request took too long');
  return new MalformedRequest('The request cannot be read.');
}
