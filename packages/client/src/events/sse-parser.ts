/** One event of a stream, its data still text. */
export interface RawEvent {
  readonly event: string;
  readonly data: string;
  readonly id: string | null;
}

/** Longer than any message; a stream without line breaks must not fill the memory. */
const MAX_BUFFER = 4 * 2 ** 20;

/**
 * Takes a stream of Server-Sent Events apart, in whatever pieces it comes.
 *
 * @see HTML §9.2.6 (interpreting an event stream)
 */
export class SseParser {
  private buffer = '';
  private event = '';
  private data: string[] = [];
  private id: string | null = null;

  /** @throws RangeError for a line that does not end */
  push(text: string): RawEvent[] {
    this.buffer += text;
    const events: RawEvent[] = [];
    for (;;) {
      const end = /\r\n|\n|\r(?!$)/.exec(this.buffer);
      if (end === null) break;
      const line = this.buffer.slice(0, end.index);
      this.buffer = this.buffer.slice(end.index + end[0].length);
      const event = this.line(line);
      if (event !== null) events.push(event);
    }
    if (this.buffer.length > MAX_BUFFER) throw new RangeError('a line of the stream does not end');
    return events;
  }

  private line(line: string): RawEvent | null {
    if (line === '') return this.dispatch();
    if (line.startsWith(':')) return null;
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.event = value;
    if (field === 'data') this.data.push(value);
    if (field === 'id' && !value.includes('\0')) this.id = value;
    return null;
  }

  private dispatch(): RawEvent | null {
    const { event, data, id } = this;
    [this.event, this.data] = ['', []];
    return data.length === 0 ? null : { event: event === '' ? 'message' : event, data: data.join('\n'), id };
  }
}
