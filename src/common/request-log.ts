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
  let held: string[] = [];
  let lastAt = NaN;
  let time = '';
  const write = (): void => {
    const lines = held.join('');
    held = [];
    target[pino.symbols.streamSym].write(lines);
  };
  return (line) => {
    if (!logger.isLevelEnabled('info')) return;
    if (held.length === 0) setImmediate(write);
    const now = Date.now();
    // Writing a time out costs as much as the rest of the line, and many share a millisecond.
    if (now !== lastAt) [lastAt, time] = [now, new Date(now).toISOString()];
    held.push(format(line, time));
  };
}

/** Methods and patterns of routes: there are few, and they come again and again. */
const quoted = new Map<string, string>();

function quote(text: string): string {
  let json = quoted.get(text);
  if (json === undefined) quoted.set(text, (json = JSON.stringify(text)));
  return json;
}

/** One member after the other: JSON of a whole object costs several times as much. */
function format({ requestId, method, route, status, ms, sealed }: RequestLine, time: string): string {
  const what = `"requestId":${JSON.stringify(requestId)},"method":${quote(method)},"route":${quote(route)}`;
  const how = `"status":${status},"ms":${ms}${sealed === true ? ',"sealed":true' : ''}`;
  return `{"level":"info","time":"${time}",${what},${how},"msg":"request"}\n`;
}
