import { describe, expect, it } from 'vitest';
import { SseParser } from './sse-parser.js';

const stream =
  ': hello\n\nretry: 1000\n\nid: 1-5\nevent: message\ndata: {"a":1}\n\nevent: read\r\ndata: x\r\ndata: y\r\n\r\n';

describe('a stream of events', () => {
  it('is the same in whatever pieces it comes', () => {
    const whole = new SseParser().push(stream);
    expect(whole).toEqual([
      { event: 'message', data: '{"a":1}', id: '1-5' },
      { event: 'read', data: 'x\ny', id: '1-5' },
    ]);
    const parser = new SseParser();
    expect([...stream].flatMap((character) => parser.push(character))).toEqual(whole);
  });

  it('is an event only once its empty line is there', () => {
    const parser = new SseParser();
    expect(parser.push('data: half\n')).toEqual([]);
    expect(parser.push('\n')).toEqual([{ event: 'message', data: 'half', id: null }]);
  });

  it('does not fill the memory with a line that never ends', () => {
    const parser = new SseParser();
    expect(() => {
      for (let i = 0; i < 10; i += 1) parser.push('x'.repeat(2 ** 20));
    }).toThrow(RangeError);
  });
});
