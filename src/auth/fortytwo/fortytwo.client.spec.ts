import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FortyTwoClient } from './fortytwo.client.js';

const token = { access_token: 'a-token', token_type: 'bearer', secret_valid_until: 1_900_000_000 };

interface Answer {
  status?: number;
  type?: string;
  body: string | Buffer;
}

/** A client of a server that gives the same answer to everything. */
async function clientOf({ status = 200, type = 'application/json', body }: Answer): Promise<FortyTwoClient> {
  const server = createServer((_, response) => {
    response.writeHead(status, { 'content-type': type }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const client = { clientId: 'id', clientSecret: 'secret', callbackUrl: 'http://localhost/callback' };
  return new FortyTwoClient({ ...client, tokenUrl: url, profileUrl: url });
}

async function exchange(answer: Answer) {
  return (await clientOf(answer)).exchangeCode('code', null, AbortSignal.timeout(5000));
}

const exchangeJson = (value: unknown) => exchange({ body: JSON.stringify(value) });
const providerError = expect.objectContaining({ code: 'provider_error' });

describe('FortyTwoClient', () => {
  it('reads the token and the end of the secret', async () => {
    const expected = { accessToken: 'a-token', secretValidUntil: new Date('2030-03-17T17:46:40.000Z') };
    expect(await exchangeJson(token)).toEqual(expected);
    expect(await exchangeJson({ ...token, token_type: 'Bearer' })).toEqual(expected);
  });

  it.each([undefined, null, 'soon', 1.5, 1e13, -1e13, NaN])('makes no date of the end %j', async (end) => {
    const answer = await exchangeJson({ ...token, secret_valid_until: end });
    expect(answer).toEqual({ accessToken: 'a-token', secretValidUntil: null });
  });

  it.each([
    null,
    [],
    'a-token',
    { ...token, token_type: 'mac' },
    { ...token, token_type: undefined },
    { ...token, access_token: undefined },
    { ...token, access_token: '' },
    { ...token, access_token: 7 },
    { ...token, access_token: ['a-token'] },
    { ...token, access_token: 'a token' },
    { ...token, access_token: 'a\r\nx-injected: 1' },
    { ...token, access_token: 'x'.repeat(4097) },
  ])('takes no token from %j', async (body) => {
    await expect(exchangeJson(body)).rejects.toEqual(providerError);
  });

  it.each([201, 204, 206, 302, 304, 400, 404, 418])('takes no token from the status %d', async (status) => {
    await expect(exchange({ status, body: JSON.stringify(token) })).rejects.toEqual(providerError);
  });

  it.each(['text/html', 'text/plain; charset=utf-8', 'application/jsonp', ''])(
    'takes no JSON as %j',
    async (type) => {
      await expect(exchange({ type, body: JSON.stringify(token) })).rejects.toEqual(providerError);
    },
  );

  it('takes JSON with parameters on its type', async () => {
    const answer = exchange({ type: 'Application/JSON; charset=utf-8', body: JSON.stringify(token) });
    await expect(answer).resolves.toMatchObject({ accessToken: 'a-token' });
  });

  it('refuses what is not UTF-8', async () => {
    const body = Buffer.from(JSON.stringify({ ...token, scope: '\u00ff' }), 'latin1');
    await expect(exchange({ body })).rejects.toEqual(providerError);
  });

  it('reads 1 MiB and not a byte more', async () => {
    const padded = (bytes: number) => JSON.stringify(token).padEnd(bytes, ' ');
    await expect(exchange({ body: padded(1024 * 1024) })).resolves.toMatchObject({ accessToken: 'a-token' });
    await expect(exchange({ body: padded(1024 * 1024 + 1) })).rejects.toEqual(providerError);
  });

  it('quotes nothing of a malformed body in the error', async () => {
    const error: unknown = await exchange({ body: 'private-body' }).catch((thrown: unknown) => thrown);
    expect(error).toEqual(providerError);
    expect(inspect(error, { depth: 20 })).not.toContain('private');
  });
});
