import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Person } from '../support/people.js';
import type { TestApp } from '../support/test-app.js';
import { ROOT_EMAIL, signUpAdmin, startWithAdmin } from '../users/admins.js';

let server: TestApp;
let root: Person;
beforeAll(async () => {
  ({ server, root } = await startWithAdmin());
});
afterAll(() => server.close());

describe('a stale role', () => {
  it('is worth nothing at the very next request, with a token that was issued to an admin', async () => {
    const second = await signUpAdmin(server, root);
    expect((await second.browser.get('/api/users?query=root')).body.items[0].email).toBe(ROOT_EMAIL);
    expect((await root.browser.put(`/api/users/${second.user.id}`, { role: 'user' })).status).toBe(200);
    const put = await second.browser.put(`/api/users/${second.user.id}`, { role: 'admin' });
    expect(put).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect((await second.browser.get('/api/users?query=root')).body.items[0]).not.toHaveProperty('email');
  });
});
