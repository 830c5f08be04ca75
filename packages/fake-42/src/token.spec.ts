import { describe, expect, it } from 'vitest';
import {
  client,
  exchange,
  getWith,
  obtainCode,
  redirectUri,
  startFake,
  tokenParameters,
} from './sign-in.fixture.js';

const MINUTE_MS = 60_000;

async function errorOf(response: Response): Promise<[number, string]> {
  const body = (await response.json()) as { error: string; error_description: string };
  expect(body.error_description).toBeTypeOf('string');
  return [response.status, body.error];
}

describe('POST /oauth/token', () => {
  it('trades a code and its PKCE verifier for a token', async () => {
    const fake = await startFake({ now: () => 1_700_000_000_500 });
    const response = await exchange(fake, await obtainCode(fake));
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual({
      access_token: expect.stringMatching(/^\w{64}$/),
      token_type: 'bearer',
      expires_in: 7200,
      refresh_token: expect.stringMatching(/^\w{64}$/),
      scope: 'public',
      created_at: 1_700_000_000,
      secret_valid_until: 1_705_184_000,
    });
  });

  it('takes the secret as HTTP Basic, and the parameters as JSON', async () => {
    const fake = await startFake();
    const basic = Buffer.from(`${client.clientId}:${client.clientSecret}`).toString('base64');
    const withBasic = await exchange(
      fake,
      await obtainCode(fake),
      { client_id: undefined, client_secret: undefined },
      { headers: { authorization: `Basic ${basic}` } },
    );
    expect(withBasic.status).toBe(200);
    const asJson = await fetch(fake.tokenUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...tokenParameters, code: await obtainCode(fake) }),
    });
    expect(asJson.status).toBe(200);
  });

  it.each([
    [{ client_secret: 'wrong' }],
    [{ client_secret: undefined }],
    [{ client_id: 'wrong' }],
    [{ client_id: undefined }],
  ])('answers 401 invalid_client to %o', async (changes) => {
    const fake = await startFake();
    const code = await obtainCode(fake);
    expect(await errorOf(await exchange(fake, code, changes))).toEqual([401, 'invalid_client']);
    expect((await exchange(fake, code)).status, 'the code is still good').toBe(200);
  });

  it('answers 401 invalid_client to a secret sent in two ways', async () => {
    const fake = await startFake();
    const basic = Buffer.from(`${client.clientId}:${client.clientSecret}`).toString('base64');
    const init = { headers: { authorization: `Basic ${basic}` } };
    expect(await errorOf(await exchange(fake, await obtainCode(fake), {}, init))).toEqual([
      401,
      'invalid_client',
    ]);
  });

  it.each([
    [{ code: 'unknown' }],
    [{ redirect_uri: 'http://localhost:3000/second' }],
    [{ code_verifier: undefined }],
    [{ code_verifier: 'another-verifier-of-at-least-forty-three-characters' }],
  ])('answers 401 invalid_grant to %o', async (changes) => {
    const fake = await startFake({ redirectUris: [redirectUri, 'http://localhost:3000/second'] });
    const code = await obtainCode(fake);
    expect(await errorOf(await exchange(fake, code, changes))).toEqual([401, 'invalid_grant']);
  });

  it('takes a code once, and revokes its token at the second use', async () => {
    const fake = await startFake();
    const code = await obtainCode(fake);
    const { access_token } = (await (await exchange(fake, code)).json()) as { access_token: string };
    expect((await getWith(fake.profileUrl, access_token)).status).toBe(200);
    expect(await errorOf(await exchange(fake, code))).toEqual([401, 'invalid_grant']);
    expect((await getWith(fake.profileUrl, access_token)).status).toBe(401);
  });

  it('takes a code for 10 minutes', async () => {
    let now = 1_700_000_000_000;
    const fake = await startFake({ now: () => now });
    const [inTime, late] = [await obtainCode(fake), await obtainCode(fake)];
    now += 10 * MINUTE_MS - 1;
    expect((await exchange(fake, inTime)).status).toBe(200);
    now += 1;
    expect(await errorOf(await exchange(fake, late))).toEqual([401, 'invalid_grant']);
  });

  it.each([
    ['invalid_request', { grant_type: undefined }],
    ['invalid_request', { redirect_uri: undefined }],
    ['unsupported_grant_type', { grant_type: 'password' }],
  ])('answers 400 %s to %o', async (error, changes) => {
    const fake = await startFake();
    expect(await errorOf(await exchange(fake, await obtainCode(fake), changes))).toEqual([400, error]);
  });

  it.each([
    ['text/plain', 'grant_type=authorization_code'],
    ['application/json', '{'],
    ['application/json', '[]'],
    ['application/x-www-form-urlencoded', 'grant_type=a&grant_type=b'],
    ['application/x-www-form-urlencoded', `x=${'y'.repeat(65 * 1024)}`],
  ])('answers 400 invalid_request to a bad %s body', async (type, body) => {
    const fake = await startFake();
    const init = { method: 'POST', headers: { 'content-type': type }, body };
    expect(await errorOf(await fetch(fake.tokenUrl, init))).toEqual([400, 'invalid_request']);
  });

  it('gives an application a token of its own, behind which there is no person', async () => {
    const fake = await startFake();
    const response = await exchange(fake, '', { grant_type: 'client_credentials', code: undefined });
    const body = (await response.json()) as { access_token: string };
    expect(body).not.toHaveProperty('refresh_token');
    expect((await getWith(fake.profileUrl, body.access_token)).status).toBe(403);
    const info = await (await getWith(`${fake.url}/oauth/token/info`, body.access_token)).json();
    expect(info).toMatchObject({ resource_owner_id: null });
  });
});
