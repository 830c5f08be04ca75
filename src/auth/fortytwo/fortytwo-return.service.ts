import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { ClientInfo } from '../../common/http/client-info.js';
import type { Principal } from '../../common/http/principal.js';
import { AccessTokenStrategy } from '../guards/access-token.strategy.js';
import { ApplicationSecret } from './application-secret.js';
import { FortyTwoLinking } from './fortytwo-linking.service.js';
import { FortyTwoError } from './fortytwo.errors.js';
import type { FortyTwoSignIn } from './fortytwo.strategy.js';
import { settingsPage, type SessionPurpose } from './purpose.js';

/** Somebody who was signed in when they went to 42 is back. */
@Injectable()
export class FortyTwoReturn {
  constructor(
    private readonly callers: AccessTokenStrategy,
    private readonly linking: FortyTwoLinking,
    private readonly secret: ApplicationSecret,
  ) {}

  /** @returns the page to go on at. @throws FortyTwoError */
  async finish(
    request: FastifyRequest,
    proven: FortyTwoSignIn,
    purpose: SessionPurpose,
    client: ClientInfo,
  ): Promise<string> {
    this.secret.seen(proven.secretValidUntil);
    try {
      const caller = await this.callerOf(request, purpose);
      if (purpose.kind === 'link') await this.linking.link(caller, proven.profile, client);
      else await this.linking.reauthenticate(caller, proven.profile, client);
    } catch (thrown) {
      throw thrown instanceof FortyTwoError ? thrown.endingAt(purpose, proven.returnTo) : thrown;
    }
    return settingsPage(proven.returnTo);
  }

  /**
   * The cookie of the round trip says which session began it; that session has to be the browser's still. Otherwise
   * somebody could begin at their own account and let another's browser come back from 42 (RFC 9700 §4.7).
   */
  private async callerOf(request: FastifyRequest, { userId, sessionId }: SessionPurpose): Promise<Principal> {
    const caller = await this.callers.decide(request);
    if (caller?.tfa !== true || caller.sessionId !== sessionId || caller.userId !== userId)
      throw new FortyTwoError('session_ended', 'another session, or none, came back from 42');
    return caller;
  }
}
