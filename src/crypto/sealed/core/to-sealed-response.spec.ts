import { describe, expect, it } from 'vitest';
import { toSealedResponse } from './to-sealed-response.js';

const answer = (contentType: string | undefined, text: string) => ({
  statusCode: 200,
  headers: contentType === undefined ? {} : { 'content-type': contentType },
  rawPayload: Buffer.from(text),
});

describe('toSealedResponse', () => {
  it('has JSON as JSON, other text as text, and nothing as null', () => {
    const body = { id: 'é' };
    for (const type of ['application/json; charset=utf-8', 'application/json', 'application/problem+json'])
      expect(toSealedResponse(answer(type, JSON.stringify(body))).body).toEqual(body);
    for (const type of ['text/plain; charset=utf-8', 'application/jsonish', undefined])
      expect(toSealedResponse(answer(type, '{"id":"é"}')).body).toBe('{"id":"é"}');
    expect(toSealedResponse(answer('application/json', '')).body).toBeNull();
  });

  it('tells what the client can use, and no cookie', () => {
    const headers = {
      'content-type': 'application/json',
      'retry-after': 7,
      location: '/home',
      'set-cookie': ['jwt=a; HttpOnly', 'refresh=b'],
      'content-security-policy': "default-src 'none'",
      'content-length': '2',
      connection: 'close',
    };
    expect(toSealedResponse({ statusCode: 429, headers, rawPayload: Buffer.from('{}') })).toEqual({
      status: 429,
      headers: { 'content-type': 'application/json', location: '/home', 'retry-after': '7' },
      body: {},
    });
  });
});
