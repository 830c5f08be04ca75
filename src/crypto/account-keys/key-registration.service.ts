import { Injectable } from '@nestjs/common';
import {
  ProtocolError,
  parseKeyStatement,
  verifyKeyStatement,
  type KeyStatementJson,
  type ParsedKeyStatement,
  type VerifiedKeyStatement,
} from '@sealgate/protocol';
import { DataSource } from 'typeorm';
import type { ClientInfo } from '../../common/http/client-info.js';
import type { Principal } from '../../common/http/principal.js';
import { RecentProof } from '../../common/http/recent-proof.js';
import { NotificationBus } from '../../database/notification-bus.js';
import { Limits } from '../../limits/limits.service.js';
import { SecurityLog } from '../../security-log/security-log.service.js';
import { InvalidKeyStatement, KeyAlreadyRegistered, KeyVersionConflict } from '../crypto.errors.js';
import type { LoggedLeaf } from '../key-log/key-log.service.js';
import { holdLiveAccount } from '../live-account.js';
import type { KeyStatementEntity } from './key-statement.entity.js';
import { KeyStatements } from './key-statements.service.js';
import { payloadOf } from './payload-of.js';

/** A statement that is now the account's newest, and its place in the log. */
export interface Registration {
  readonly statement: VerifiedKeyStatement;
  readonly leaf: LoggedLeaf;
}

/** Takes an account's next key statement. */
@Injectable()
export class KeyRegistration {
  constructor(
    private readonly dataSource: DataSource,
    private readonly statements: KeyStatements,
    private readonly securityLog: SecurityLog,
    private readonly bus: NotificationBus,
    private readonly recentProof: RecentProof,
    private readonly limits: Limits,
  ) {}

  /**
   * Checks in the contract's order: readable and the caller's own, then the place in the chain, then the kids, then the
   * signatures. So a statement that is sent again, its answer lost, is a `key_version_conflict`.
   * Keys that the ones before do not sign take a recent proof: a thief of a session would read what comes next.
   * @throws InvalidKeyStatement, KeyVersionConflict, KeyAlreadyRegistered, ReauthenticationRequired, RateLimited
   */
  async register(value: unknown, caller: Principal, client: ClientInfo): Promise<Registration> {
    const latest = await this.statements.latest(caller.userId);
    const parsed = await parse(value, latest);
    if (parsed.payload.user !== caller.userId) throw new InvalidKeyStatement('user');
    requireSuccession(parsed.payload, latest);
    if (await this.statements.knowsAny([parsed.kids.encryption, parsed.kids.signing]))
      throw new KeyAlreadyRegistered();
    const statement = await verify(parsed, latest);
    const { version, reset } = statement.payload;
    if (reset) await this.recentProof.require(caller);
    await this.limits.spend('account-keys', caller.userId);
    return this.dataSource.transaction(async (tx) => {
      await holdLiveAccount(tx, caller.userId);
      await this.securityLog.record(tx, {
        type: reset ? 'keys_reset' : 'keys_registered',
        userId: caller.userId,
        sessionId: caller.sessionId,
        client,
        details: { version },
      });
      await this.bus.publish(tx, { type: 'keys', userId: caller.userId, version });
      // Last, as the log's lock is everybody's.
      return { statement, leaf: await this.statements.add(tx, statement) };
    });
  }
}

async function parse(value: unknown, latest: KeyStatementEntity | null): Promise<ParsedKeyStatement> {
  try {
    return await parseKeyStatement(value);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    if (error.reason === 'previous') throw new KeyVersionConflict(error);
    // Who must sign follows from the version. The parser looks at that last, when the payload is in order; a wrong
    // version is the better answer where both are wrong.
    if (error.reason === 'signature') requireSuccession(payloadOf(value as KeyStatementJson), latest);
    throw new InvalidKeyStatement(error.reason, error);
  }
}

function requireSuccession(
  { version, previous }: { version: number; previous: string | null },
  latest: KeyStatementEntity | null,
): void {
  const expected = latest?.payloadHash.toString('base64url') ?? null;
  if (version !== (latest?.version ?? 0) + 1 || previous !== expected) throw new KeyVersionConflict();
}

async function verify(
  statement: ParsedKeyStatement,
  latest: KeyStatementEntity | null,
): Promise<VerifiedKeyStatement> {
  const previous = latest === null ? undefined : await parseKeyStatement(latest.statement);
  try {
    return await verifyKeyStatement(statement, { previous });
  } catch (error) {
    if (error instanceof ProtocolError) throw new InvalidKeyStatement(error.reason, error);
    throw error;
  }
}
