/** One request, before it is known how it travels. `path` begins with a slash and has no query. */
export interface Exchange {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>> | undefined;
  readonly body?: Readonly<Record<string, unknown>> | undefined;
  /** Goes along where the tokens are in bodies. */
  readonly accessToken?: string | undefined;
  /** Whether doing it twice does no harm. GET is; others say so where the server makes them safe. */
  readonly idempotent?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What came back. `body` is parsed JSON, text for other types, null for none. */
export interface Answer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: unknown;
}

/** A way for requests to travel. Throws a `SealgateError` with `network` or `timeout` where there is no answer. */
export type Transport = (exchange: Exchange) => Promise<Answer>;

/** The path with its query; what is undefined is left out. */
export function target({ path, query = {} }: Pick<Exchange, 'path' | 'query'>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text === '' ? path : `${path}?${text}`;
}
