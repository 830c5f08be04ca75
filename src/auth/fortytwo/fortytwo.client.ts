import { FortyTwoError } from './fortytwo.errors.js';
import { requestJson } from './json-request.js';

export interface FortyTwoClientOptions {
  clientId: string;
  clientSecret: string;
  tokenUrl: string;
  profileUrl: string;
  /** Sent again with the code: 42 compares it with the one of the authorization request. */
  callbackUrl: string;
}

export interface FortyTwoToken {
  accessToken: string;
  /** When the application's secret runs out, where 42 says so. */
  secretValidUntil: Date | null;
}

/** RFC 6750 §2.1: what fits into the Authorization header. */
const BEARER_TOKEN = /^[A-Za-z0-9._~+/-]{1,4096}=*$/;
const USER_AGENT = 'Sealgate';

/** The two requests of a sign-in. Neither is repeated: a code works once, and 42 allows two requests a second. */
export class FortyTwoClient {
  constructor(private readonly options: FortyTwoClientOptions) {}

  /** @throws FortyTwoError */
  async exchangeCode(code: string, codeVerifier: string | null, signal: AbortSignal): Promise<FortyTwoToken> {
    const { clientId, clientSecret, tokenUrl, callbackUrl } = this.options;
    const form = new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: clientId,
      client_secret: clientSecret,
      redirect_uri: callbackUrl,
      code,
      ...(codeVerifier === null ? {} : { code_verifier: codeVerifier }),
    });
    const headers = { 'user-agent': USER_AGENT };
    return parseToken(await requestJson('token', tokenUrl, { method: 'POST', body: form, headers, signal }));
  }

  /**
   * @returns the body as it came, to be parsed with suspicion
   * @throws FortyTwoError
   */
  async fetchProfile(accessToken: string, signal: AbortSignal): Promise<unknown> {
    const headers = { 'user-agent': USER_AGENT, authorization: `Bearer ${accessToken}` };
    return requestJson('profile', this.options.profileUrl, { headers, signal });
  }
}

function parseToken(body: unknown): FortyTwoToken {
  const { access_token, token_type, secret_valid_until } = (body ?? {}) as Record<string, unknown>;
  const isBearer = typeof token_type === 'string' && token_type.toLowerCase() === 'bearer';
  if (!isBearer || typeof access_token !== 'string' || !BEARER_TOKEN.test(access_token)) {
    throw new FortyTwoError('provider_error', 'the token endpoint gave no bearer token');
  }
  const isSeconds =
    Number.isSafeInteger(secret_valid_until) && Math.abs(Number(secret_valid_until)) < 8.64e12;
  return {
    accessToken: access_token,
    secretValidUntil: isSeconds ? new Date(Number(secret_valid_until) * 1000) : null,
  };
}
