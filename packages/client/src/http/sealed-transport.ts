import {
  type AccountKeys,
  type EncryptionJwk,
  generateAccountKeys,
  type JsonObject,
  makeSealedRequest,
  openSealedResponse,
  parseEncryptionJwk,
  parseSigningJwk,
  ProtocolError,
  type SigningJwk,
} from '@sealgate/protocol';
import { clientError } from '../errors.js';
import { type Answer, type Exchange, target, type Transport } from './exchange.js';
import { answered, type PlainTransportOptions } from './plain-transport.js';
import { problemOf } from './problem.js';

/** The server's keys, and how far its clock is ahead of this one. */
interface ServerKeys {
  readonly encryption: EncryptionJwk;
  readonly signing: ReadonlyMap<string, SigningJwk>;
  readonly aheadMs: number;
}

const PATH = '/api/sealed';

/**
 * Requests sealed to the server, method and path too, and answers that only it can have made. What lies between sees
 * lengths and times.
 */
export function sealedTransport(options: PlainTransportOptions): Transport {
  let keys: Promise<ServerKeys> | undefined;
  let client: Promise<AccountKeys> | undefined;

  const serverKeys = () => {
    keys ??= fetchKeys(options).catch((error: unknown) => {
      keys = undefined;
      throw error;
    });
    return keys;
  };

  /** One attempt; null where the server could not open the request, and so did nothing. */
  const once = async (exchange: Exchange): Promise<Answer | null> => {
    client ??= generateAccountKeys();
    const [server, { encryption }] = await Promise.all([serverKeys(), client]);
    const { method, body, accessToken } = exchange;
    const request = await makeSealedRequest(server.encryption, {
      method,
      path: target(exchange),
      iat: Math.floor((Date.now() + server.aheadMs) / 1000),
      clientKey: encryption.jwk,
      ...(accessToken === undefined ? {} : { accessToken }),
      // Undefined members are none.
      ...(body === undefined ? {} : { body: JSON.parse(JSON.stringify(body)) as JsonObject }),
    });
    const outer = await answered(options, exchange, (signal) =>
      options.fetch(new URL(PATH, options.baseUrl), {
        method: 'POST',
        signal,
        credentials: 'omit',
        redirect: 'error',
        headers: { 'content-type': 'application/jose' },
        body: request.jwe,
      }),
    );
    if (outer.status !== 200) {
      const error = problemOf(outer);
      if (error.code === 'invalid_sealed_request') return null;
      throw error;
    }
    const {
      status,
      headers,
      body: content,
    } = await openSealedResponse({
      jwe: outer.body,
      request,
      clientKey: { kid: encryption.jwk.kid, privateKey: encryption.privateKey },
      serverKeys: server.signing,
    });
    const found = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    return { status, headers: { get: (name) => found.get(name.toLowerCase()) ?? null }, body: content };
  };

  return async (exchange) => {
    const isSafe = exchange.idempotent ?? exchange.method === 'GET';
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await once(exchange);
        if (answer !== null) return answer;
        if (attempt > 1) throw clientError('invalid_sealed_request', 'the server cannot open the request');
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        // Whether it was done is not known: only what may be done twice is asked again.
        if (attempt > 1 || !isSafe) {
          const message = 'the answer was not made by the server for this request';
          throw clientError('sealed_response_refused', message, { cause: error });
        }
      }
      // The keys may have rotated, or the clocks drifted.
      keys = undefined;
    }
  };
}

async function fetchKeys(options: PlainTransportOptions): Promise<ServerKeys> {
  const answer = await answered(options, {}, (signal) =>
    options.fetch(new URL('/api/crypto/server-keys', options.baseUrl), {
      signal,
      credentials: 'omit',
      redirect: 'error',
      // Not a known member of every runtime's types.
      ...({ cache: 'no-cache' } as object),
    }),
  );
  if (answer.status !== 200) throw problemOf(answer);
  const date = Date.parse(answer.headers.get('date') ?? '');
  const { keys } = answer.body as { keys?: readonly { readonly use?: string }[] };
  const ofUse = (use: string) => (keys ?? []).filter((key) => key.use === use);
  const [encryption] = ofUse('enc');
  try {
    const signing = await Promise.all(ofUse('sig').map((key) => parseSigningJwk(key)));
    return {
      encryption: await parseEncryptionJwk(encryption),
      signing: new Map(signing.map((key) => [key.kid, key])),
      aheadMs: Number.isNaN(date) ? 0 : date - Date.now(),
    };
  } catch (cause) {
    throw clientError('bad_response', "the server's keys break the rules", { cause });
  }
}
