import type { KeyStatementJson, KeyStatementPayload } from '@sealgate/protocol';

/** What a statement says that the parser has accepted before; of any other it may be anything. */
export function payloadOf(statement: KeyStatementJson): KeyStatementPayload {
  return JSON.parse(Buffer.from(statement.payload, 'base64url').toString('utf8')) as KeyStatementPayload;
}
