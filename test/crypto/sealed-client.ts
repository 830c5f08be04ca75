import {
  makeSealedRequest,
  openSealedResponse,
  parseEncryptionJwk,
  parseSigningJwk,
  type AccountKeys,
  type EncryptionJwk,
  type JsonObject,
  type MadeSealedRequest,
  type SealedRequest,
  type SigningJwk,
} from '@sealgate/protocol';
import { expect } from 'vitest';
import { testKeys } from '../../packages/protocol/src/testing/test-keys.js';
import type { TestApp } from '../support/test-app.js';

/** The content of a sealed answer. */
export interface Opened {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: any; // eslint-disable-line -- a test looks into it and asserts
}

export interface SealedOptions {
  body?: JsonObject;
  accessToken?: string;
  /** Sent to its own route instead of `/api/sealed`. */
  isOpenly?: boolean;
  headers?: Record<string, string>;
  change?: Partial<SealedRequest>;
}

/** The server's public keys as a client keeps them. */
export interface ServerKeys {
  encryption: readonly EncryptionJwk[];
  signing: ReadonlyMap<string, SigningJwk>;
}

export async function readServerKeys(server: Pick<TestApp, 'browser'>): Promise<ServerKeys> {
  const { keys } = (await server.browser().get('/api/crypto/server-keys')).body;
  const of = (use: string): unknown[] => keys.filter((key: { use: string }) => key.use === use);
  const signing = await Promise.all(of('sig').map((key) => parseSigningJwk(key)));
  return {
    encryption: await Promise.all(of('enc').map((key) => parseEncryptionJwk(key))),
    signing: new Map(signing.map((key) => [key.kid, key])),
  };
}

/** A client that seals whatever it asks, and believes nothing that does not fit its question. */
export class SealedClient {
  accessToken: string | undefined;

  private constructor(
    readonly server: TestApp,
    readonly keys: AccountKeys['encryption'],
    public serverKeys: ServerKeys,
  ) {}

  static async of(server: TestApp, name = 'sealed-client'): Promise<SealedClient> {
    return new SealedClient(server, (await testKeys(name)).encryption, await readServerKeys(server));
  }

  get(path: string, options: SealedOptions = {}): Promise<Opened> {
    return this.ask('GET', path, options);
  }
  post(path: string, body?: JsonObject, options: SealedOptions = {}): Promise<Opened> {
    return this.ask('POST', path, { ...options, ...(body === undefined ? {} : { body }) });
  }

  /** Expects a sealed answer and opens it. */
  async ask(method: string, path: string, options: SealedOptions = {}): Promise<Opened> {
    const made = await this.seal(method, path, options);
    const answer = options.isOpenly
      ? await post(this.server, method, path, made.jwe, options.headers)
      : await post(this.server, 'POST', '/api/sealed', made.jwe, options.headers);
    expect(answer.status, answer.text).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/jose');
    expect(answer.headers.getSetCookie()).toEqual([]);
    return this.open(made, answer.text);
  }

  seal(method: string, path: string, options: SealedOptions = {}): Promise<MadeSealedRequest> {
    const [serverKey] = this.serverKeys.encryption;
    if (serverKey === undefined) throw new Error('the server has no key');
    const accessToken = options.accessToken ?? this.accessToken;
    return makeSealedRequest(serverKey, {
      method,
      path,
      iat: this.server.clock.epochSeconds(),
      clientKey: this.keys.jwk,
      ...(accessToken === undefined ? {} : { accessToken }),
      ...(options.body === undefined ? {} : { body: options.body }),
      ...options.change,
    });
  }

  open(request: Pick<MadeSealedRequest, 'jti' | 'requestHash'>, jwe: string): Promise<Opened> {
    const clientKey = { kid: this.keys.jwk.kid, privateKey: this.keys.privateKey };
    return openSealedResponse({ jwe, request, clientKey, serverKeys: this.serverKeys.signing });
  }
}

/** Sends bytes as `application/jose`. */
export async function post(
  server: Pick<TestApp, 'baseUrl'>,
  method: string,
  path: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Headers; text: string }> {
  const answer = await fetch(new URL(path, server.baseUrl), {
    method,
    body,
    headers: { 'content-type': 'application/jose', ...headers },
  });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}
