import { describe, expect, it } from 'vitest';
import type { Fake42 } from './options.js';
import {
  authorize,
  exchange,
  getWith,
  obtainToken,
  redirectQuery,
  redirectUri,
  startFake,
} from './sign-in.fixture.js';

async function openPage(fake: Fake42): Promise<{ html: string; transaction: string; response: Response }> {
  const response = await authorize(fake);
  const html = await response.text();
  return { html, transaction: /name="transaction" value="(\w+)"/.exec(html)?.[1] ?? '', response };
}

function decide(fake: Fake42, form: Record<string, string>): Promise<Response> {
  return fetch(fake.authorizeUrl, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });
}

describe('GET /oauth/authorize', () => {
  it('sends the approved person back with a code and the state', async () => {
    const fake = await startFake();
    const response = await authorize(fake);
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toMatch(
      /^http:\/\/localhost:3000\/auth\/42\/callback\?code=\w{64}&/,
    );
    expect(redirectQuery(response)['state']).toBe('the-state');
  });

  it('answers 401 at 42 itself to an unknown application', async () => {
    const response = await authorize(await startFake(), { client_id: 'somebody-else' });
    expect(response.status).toBe(401);
    expect(response.headers.get('location')).toBeNull();
    expect(await response.text()).toContain('application is not known');
  });

  it.each([`${redirectUri}/`, `${redirectUri}?x=1`, 'https://evil.example/', undefined])(
    'answers 400 at 42 itself to the redirect URI %s',
    async (redirect_uri) => {
      const response = await authorize(await startFake(), { redirect_uri });
      expect(response.status).toBe(400);
      expect(response.headers.get('location')).toBeNull();
    },
  );

  it('answers 400 at 42 itself to a repeated parameter', async () => {
    const fake = await startFake();
    const response = await fetch(`${fake.authorizeUrl}?client_id=a&client_id=client-id`, {
      redirect: 'manual',
    });
    expect(response.status).toBe(400);
  });

  it.each([
    ['unsupported_response_type', { response_type: 'token' }],
    ['invalid_request', { response_type: undefined }],
    ['invalid_scope', { scope: 'public admin' }],
    ['invalid_request', { code_challenge_method: 'plain' }],
    ['invalid_request', { code_challenge_method: undefined }],
    ['invalid_request', { code_challenge: undefined }],
    ['invalid_request', { code_challenge: 'too-short' }],
  ])('redirects with %s for %o', async (error, changes) => {
    const query = redirectQuery(await authorize(await startFake(), changes));
    expect(query).toMatchObject({ error, state: 'the-state' });
    expect(query['code']).toBeUndefined();
  });

  it('works without PKCE, without a scope and without a state, as 42 does', async () => {
    const changes = {
      code_challenge: undefined,
      code_challenge_method: undefined,
      scope: undefined,
      state: undefined,
    };
    const query = redirectQuery(await authorize(await startFake(), changes));
    expect(Object.keys(query)).toEqual(['code']);
  });

  it('approves as the named person, and makes one up who keeps the id', async () => {
    const first = await startFake({ autoApprove: 'zoe-new' });
    const me = (await (await getWith(first.profileUrl, await obtainToken(first))).json()) as { id: number };
    const restarted = await startFake({ autoApprove: 'cokafor' });
    restarted.approveAs('zoe-new');
    const again = await (await getWith(restarted.profileUrl, await obtainToken(restarted))).json();
    expect(again).toMatchObject({ id: me.id, login: 'zoe-new' });
  });
});

describe('the sign-in page', () => {
  it('says that it is a stand-in, lists the people, and runs no script', async () => {
    const { html, response } = await openPage(await startFake({ autoApprove: false }));
    expect(response.status).toBe(200);
    expect(html).toContain('A stand-in for 42, for development.');
    expect(html).toContain('Sign in to localhost:3000');
    expect(html).toContain('value="amoreau"');
    expect(html).not.toMatch(/<script|style=|onclick/);
    const policy = response.headers.get('content-security-policy');
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/]+=*'; form-action 'self' http:\/\/localhost:3000;/,
    );
    expect(policy).not.toContain('unsafe');
  });

  it('escapes names', async () => {
    const ada = { id: 1, login: 'ada', firstName: '<i>Ada', lastName: '"&', email: null };
    const { html } = await openPage(await startFake({ autoApprove: false, users: [ada] }));
    expect(html).toContain('&lt;i&gt;Ada &quot;&amp;');
  });

  it('gives a code for the chosen person, once a page', async () => {
    const fake = await startFake({ autoApprove: false });
    const { transaction } = await openPage(fake);
    const response = await decide(fake, { transaction, login: 'eyamada' });
    expect(response.status).toBe(303);
    const { code = '', state } = redirectQuery(response);
    expect(state).toBe('the-state');
    const { access_token } = (await (await exchange(fake, code)).json()) as { access_token: string };
    expect(await (await getWith(fake.profileUrl, access_token)).json()).toMatchObject({ login: 'eyamada' });
    expect((await decide(fake, { transaction, login: 'amoreau' })).status).toBe(400);
  });

  it('takes a new login, lower-cased', async () => {
    const fake = await startFake({ autoApprove: false });
    const { transaction } = await openPage(fake);
    const { code = '' } = redirectQuery(await decide(fake, { transaction, login: ' Zoe ' }));
    const { access_token } = (await (await exchange(fake, code)).json()) as { access_token: string };
    expect(await (await getWith(fake.profileUrl, access_token)).json()).toMatchObject({ login: 'zoe' });
  });

  it.each(['', 'a', '<b>', 'x'.repeat(33)])('shows the page again for the login %j', async (login) => {
    const fake = await startFake({ autoApprove: false });
    const { transaction } = await openPage(fake);
    const response = await decide(fake, { transaction, login });
    expect(response.status).toBe(422);
    expect(await response.text()).toContain('That is no login.');
    expect((await decide(fake, { transaction, login: 'amoreau' })).status).toBe(303);
  });

  it('redirects with access_denied and the state after Deny', async () => {
    const fake = await startFake({ autoApprove: false });
    const { transaction } = await openPage(fake);
    const query = redirectQuery(await decide(fake, { transaction, decision: 'deny' }));
    expect(query).toMatchObject({ error: 'access_denied', state: 'the-state' });
  });

  it('refuses a form without a transaction of its own', async () => {
    const fake = await startFake({ autoApprove: false });
    const response = await decide(fake, {
      transaction: 'made-up',
      login: 'amoreau',
      redirect_uri: 'https://evil.example',
    });
    expect(response.status).toBe(400);
    expect(response.headers.get('location')).toBeNull();
  });
});

describe('authorize faults', () => {
  it.each([
    ['denied', 'access_denied'],
    ['server_error', 'server_error'],
    ['temporarily_unavailable', 'temporarily_unavailable'],
    ['unknown_error', 'the_cantina_is_closed'],
  ] as const)('%s redirects with error=%s', async (kind, error) => {
    const fake = await startFake();
    fake.misbehave({ endpoint: 'authorize', kind });
    const query = redirectQuery(await authorize(fake));
    expect(query).toMatchObject({ error, state: 'the-state' });
    expect(query['code']).toBeUndefined();
  });

  it('wrong_state and missing_state come with a good code', async () => {
    const fake = await startFake();
    fake.misbehave({ endpoint: 'authorize', kind: 'wrong_state' }, { once: true });
    const wrong = redirectQuery(await authorize(fake));
    expect(wrong['state']).toBe('a-state-that-nobody-sent');
    expect((await exchange(fake, wrong['code'] ?? '')).status).toBe(200);
    fake.misbehave({ endpoint: 'authorize', kind: 'missing_state' }, { once: true });
    expect(Object.keys(redirectQuery(await authorize(fake)))).toEqual(['code']);
    expect(redirectQuery(await authorize(fake))['state']).toBe('the-state');
  });

  it('reach the person who decides on the page, too', async () => {
    const fake = await startFake({ autoApprove: false });
    fake.misbehave({ endpoint: 'authorize', kind: 'wrong_state' }, { once: true });
    const { transaction } = await openPage(fake);
    const query = redirectQuery(await decide(fake, { transaction, login: 'amoreau' }));
    expect(query['state']).toBe('a-state-that-nobody-sent');
  });
});
