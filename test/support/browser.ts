/** What came back: the body is parsed where it is JSON. */
export interface Answer {
  status: number;
  headers: Headers;
  /** Parsed JSON, or the text, or null. */
  body: any; // eslint-disable-line -- a test looks into it and asserts
  setCookies: string[];
}

export interface Sent {
  body?: unknown;
  headers?: Record<string, string>;
}

/** A browser as far as the server can tell: keeps cookies by path, follows nothing by itself. */
export class Browser {
  readonly cookies = new Map<string, { value: string; path: string }>();

  constructor(
    readonly baseUrl: string,
    readonly headers: Record<string, string> = {},
  ) {}

  get(path: string, sent: Sent = {}): Promise<Answer> {
    return this.send('GET', path, sent);
  }
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer> {
    return this.send('POST', path, { body, ...(headers ? { headers } : {}) });
  }
  put(path: string, body?: unknown): Promise<Answer> {
    return this.send('PUT', path, { body });
  }
  patch(path: string, body?: unknown): Promise<Answer> {
    return this.send('PATCH', path, { body });
  }
  delete(path: string, body?: unknown): Promise<Answer> {
    return this.send('DELETE', path, { body });
  }

  async send(method: string, path: string, { body, headers }: Sent = {}): Promise<Answer> {
    const url = new URL(path, this.baseUrl);
    const cookie = [...this.cookies]
      .filter(
        ([, { path: scope }]) =>
          url.pathname === scope || url.pathname.startsWith(scope.replace(/\/?$/, '/')),
      )
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ');
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(cookie ? { cookie } : {}),
        ...this.headers,
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const setCookies = response.headers.getSetCookie();
    for (const line of setCookies) this.keep(line);
    return {
      status: response.status,
      headers: response.headers,
      body: parse(await response.text()),
      setCookies,
    };
  }

  /** Another tab or device with the same cookies. */
  clone(): Browser {
    const twin = new Browser(this.baseUrl, this.headers);
    for (const [name, cookie] of this.cookies) twin.cookies.set(name, cookie);
    return twin;
  }

  private keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const name = pair.slice(0, pair.indexOf('='));
    const value = pair.slice(pair.indexOf('=') + 1);
    const path = attributes.find((part) => /^path=/i.test(part))?.slice(5) ?? '/';
    const isGone =
      attributes.some((part) => /^max-age=0$/i.test(part)) ||
      attributes.some((part) => /^expires=/i.test(part) && Date.parse(part.slice(8)) <= Date.now());
    if (isGone) this.cookies.delete(name);
    else this.cookies.set(name, { value, path });
  }
}

function parse(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
