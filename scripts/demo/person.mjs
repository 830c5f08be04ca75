// Somebody with a browser: cookies, a password, an authenticator, and keys that never leave this side.
import { randomBytes } from 'node:crypto';

/** Ends the demo with what was sent and what came back. */
export class DemoError extends Error {}

export class Person {
  cookies = new Map();

  constructor(name, baseUrl) {
    this.name = name;
    this.baseUrl = baseUrl;
    this.username = `${name.toLowerCase()}-${randomBytes(4).toString('hex')}`;
    this.email = `${this.username}@example.org`;
    this.password = `${randomBytes(6).toString('hex')} lantern gravel otter`;
  }

  /** Sends a request and insists on its status. @returns the parsed answer, or null. */
  async ask(method, path, expected, body) {
    const response = await fetch(new URL(path, this.baseUrl), {
      method,
      redirect: 'manual',
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    const text = await response.text();
    if (response.status !== expected)
      throw new DemoError(`${method} ${path} answered ${response.status} and not ${expected}: ${text}`);
    return text === '' ? null : JSON.parse(text);
  }

  #keep(line) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (/;\s*max-age=0/i.test(line)) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

/** Insists on a fact. */
export function insist(fact, claim) {
  if (!fact) throw new DemoError(`it should hold that ${claim}`);
}
