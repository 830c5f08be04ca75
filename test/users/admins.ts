import { signUp, type Person } from '../support/people.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

export const ROOT_EMAIL = 'root@example.org';

/** A server whose first admin is signed in. */
export async function startWithAdmin(
  environment: Record<string, string> = {},
): Promise<{ server: TestApp; root: Person }> {
  const server = await startTestApp({ ADMIN_EMAILS: ROOT_EMAIL, ...environment });
  return { server, root: await signUp(server, { username: 'root', email: ROOT_EMAIL }) };
}

/** Somebody whom an admin has given the role. */
export async function signUpAdmin(server: TestApp, root: Person): Promise<Person> {
  const person = await signUp(server);
  await root.browser.put(`/api/users/${person.user.id}`, { role: 'admin' });
  return person;
}
