import { decodeBase64url } from '../base64url.js';
import { utf8 } from '../bytes.js';
import { ProtocolError } from '../errors.js';
import { verifyEs256 } from '../jose/verify-es256.js';
import type { SigningJwk } from './jwk.js';
import type { ParsedKeyStatement, VerifiedKeyStatement } from './key-statement.js';

/**
 * A parsed statement's signatures and its place after the statement before.
 *
 * @param options.previous the statement before; needed from version 2 on, and itself verified
 * @throws ProtocolError `user`, `version`, `previous` or `signature`
 */
export async function verifyKeyStatement(
  statement: ParsedKeyStatement,
  options: { readonly previous?: ParsedKeyStatement | undefined } = {},
): Promise<VerifiedKeyStatement> {
  const { previous } = options;
  requireSuccession(statement, previous);
  await verifySignature(statement, 0, statement.payload.signingKey);
  if (previous !== undefined && !statement.payload.reset) {
    await verifySignature(statement, 1, previous.payload.signingKey);
  }
  return statement as VerifiedKeyStatement;
}

/**
 * An account's whole chain of statements, from version 1 on: what a client checks before it uses a contact's key.
 *
 * @throws ProtocolError as {@link verifyKeyStatement}, `user` for another account's statement, and `reused-key` where
 *   a later version names a key of an earlier one
 */
export async function verifyStatementChain(
  statements: readonly ParsedKeyStatement[],
  user: string,
): Promise<readonly VerifiedKeyStatement[]> {
  const kids = new Set<string>();
  const verified: VerifiedKeyStatement[] = [];
  for (const statement of statements) {
    if (statement.payload.user !== user) throw new ProtocolError('user', 'a statement is of another account');
    const { encryption, signing } = statement.kids;
    if (kids.has(encryption) || kids.has(signing)) {
      throw new ProtocolError(
        'reused-key',
        `version ${statement.payload.version} names a key of an earlier version`,
      );
    }
    kids.add(encryption).add(signing);
    verified.push(await verifyKeyStatement(statement, { previous: verified.at(-1) }));
  }
  return verified;
}

function requireSuccession(statement: ParsedKeyStatement, previous: ParsedKeyStatement | undefined): void {
  const { payload } = statement;
  if (payload.version !== (previous?.payload.version ?? 0) + 1) {
    throw new ProtocolError(
      'version',
      `version ${payload.version} does not follow ${previous?.payload.version ?? 0}`,
    );
  }
  if (previous === undefined) return;
  if (payload.user !== previous.payload.user) {
    throw new ProtocolError('user', 'the statement before is of another account');
  }
  if (payload.previous !== previous.payloadHash) {
    throw new ProtocolError('previous', 'the statement does not name the hash of the one before');
  }
}

async function verifySignature(statement: ParsedKeyStatement, index: number, key: SigningJwk): Promise<void> {
  const signature = statement.json.signatures[index];
  if (signature === undefined || statement.signedBy[index] !== key.kid) {
    throw new ProtocolError('signature', 'a signature is not by the key that must have made it');
  }
  const data = utf8(`${signature.protected}.${statement.json.payload}`);
  if (!(await verifyEs256(data, decodeBase64url(signature.signature), key))) {
    throw new ProtocolError('signature', 'a signature does not verify');
  }
}
