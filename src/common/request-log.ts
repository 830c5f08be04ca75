import { pino, type DestinationStream } from 'pino';
import type { Logger } from './logging.js';

/** What the log says of a request: nothing that its sender chose but the method, and so nothing to redact. */
export interface RequestLine {
  readonly requestId: string;
  readonly method: string;
  /** The route's pattern, not the URL: ids and queries stay out of the log. */
  readonly route: string;
  readonly status: number;
  readonly ms: number;
  /** It came sealed. */
  readonly sealed?: true;
}

/**
 * Writes a line for each request, as the logger would, to where it writes. Made here, since looking for names to redact
 * in a line that has none was the dearest thing that a small request did; and all that one turn of the event loop
 * answers go out in one write.
 */
export function requestLog(logger: Logger): (line: RequestLine) => void {
  const target = logger as unknown as { [pino.symbols.streamSym]: DestinationStream };
  let held = '';
  const write = (): void => {
    target[pino.symbols.streamSym].write(held);
    held = '';
  };
  return (line) => {
    if (!logger.isLevelEnabled('info')) return;
    if (held === '') setImmediate(write);
    const time = new Date().toISOString();
    held += `${JSON.stringify({ level: 'info', time, ...line, msg: 'request' })}\n`;
  };
}
