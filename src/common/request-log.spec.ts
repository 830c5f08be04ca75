import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createLogger } from './logging.js';
import { requestLog, type RequestLine } from './request-log.js';

const LINE: RequestLine = { requestId: 'id', method: 'GET', route: '/a/:id', status: 200, ms: 1.5 };

async function written(level: string, lines: RequestLine[]): Promise<string[]> {
  const chunks: string[] = [];
  const write = requestLog(createLogger(level, { write: (chunk) => void chunks.push(chunk) }));
  for (const line of lines) write(line);
  await setImmediate();
  return chunks;
}

describe('the lines of requests', () => {
  it('look like those of the logger', async () => {
    const lines: string[] = [];
    createLogger('info', { write: (line) => void lines.push(line) }).info(LINE, 'request');
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string;
    const [chunk = ''] = await written('info', [LINE]);
    expect(JSON.parse(chunk)).toEqual({ ...JSON.parse(lines[0] ?? ''), time });
    expect(chunk.replace(/"time":"[^"]+"/, '')).toBe(lines[0]?.replace(/"time":"[^"]+"/, ''));
  });

  it('go out together where they come together, each on a line of its own', async () => {
    const chunks = await written('info', [LINE, { ...LINE, requestId: 'b\n"' }, { ...LINE, sealed: true }]);
    expect(chunks).toHaveLength(1);
    const lines = chunks[0]?.trimEnd().split('\n') ?? [];
    expect(lines.map((line) => JSON.parse(line).requestId)).toEqual(['id', 'b\n"', 'id']);
  });

  it('stay out of a log that wants warnings only', async () => {
    expect(await written('warn', [LINE])).toEqual([]);
  });
});
