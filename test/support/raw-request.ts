import { connect } from 'node:net';

/**
 * Sends a request byte by byte as it stands here: duplicated headers and broken ones, which no HTTP client would send.
 * @param lines the request line and the headers, without `Host` and `Connection`.
 */
export async function rawRequest(
  baseUrl: string,
  lines: readonly string[],
  body = '',
): Promise<{ status: number; head: string; body: string }> {
  const { hostname, port, host } = new URL(baseUrl);
  const [requestLine = '', ...headers] = lines;
  const text = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let received = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => (received += chunk));
    socket.on('end', () => resolve(received));
    socket.on('error', reject);
    socket.write(
      [requestLine, `Host: ${host}`, 'Connection: close', ...headers, '', body].join('\r\n'),
      'latin1',
    );
  });
  const at = text.indexOf('\r\n\r\n');
  return { status: Number(text.slice(9, 12)), head: text.slice(0, at), body: text.slice(at + 4) };
}
