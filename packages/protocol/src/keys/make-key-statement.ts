import { GeneralSign } from 'jose';
import { utf8 } from '../bytes.js';
import type { AccountKeys, Signer } from './account-keys.js';
import { KEY_STATEMENT_TYP, type KeyStatementPayload, type VerifiedKeyStatement } from './key-statement.js';
import { parseKeyStatement } from './parse-key-statement.js';

/** What a new statement says. `createdAt` is RFC 3339; `previous` the `payloadHash` of the statement before. */
export interface KeyStatementInput {
  readonly user: string;
  readonly version: number;
  readonly keys: AccountKeys;
  readonly previous: string | null;
  readonly reset: boolean;
  /** The key of the version before, which hands over. Needed from version 2 on unless `reset`. */
  readonly previousSigningKey?: Signer;
  readonly createdAt: string;
}

/**
 * A signed key statement; its `json` is what goes to the server.
 *
 * @throws TypeError where `previousSigningKey` is missing, or given where it must not sign
 * @throws ProtocolError for what no reader would take
 */
export async function makeKeyStatement(input: KeyStatementInput): Promise<VerifiedKeyStatement> {
  const { user, version, keys, previous, reset, previousSigningKey, createdAt } = input;
  if ((previousSigningKey !== undefined) !== (version > 1 && !reset)) {
    throw new TypeError('previousSigningKey signs from version 2 on, unless reset');
  }
  const payload: KeyStatementPayload = {
    v: 1,
    user,
    version,
    encryptionKey: keys.encryption.jwk,
    signingKey: keys.signing.jwk,
    previous,
    reset,
    createdAt,
  };
  const jws = new GeneralSign(utf8(JSON.stringify(payload)));
  const newSigningKey = { kid: keys.signing.jwk.kid, privateKey: keys.signing.privateKey };
  for (const { kid, privateKey } of [newSigningKey, ...(previousSigningKey ? [previousSigningKey] : [])]) {
    jws.addSignature(privateKey).setProtectedHeader({ alg: 'ES256', kid, typ: KEY_STATEMENT_TYP });
  }
  const statement = await parseKeyStatement(await jws.sign());
  return statement as VerifiedKeyStatement;
}
