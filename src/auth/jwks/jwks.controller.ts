import { Controller, Get, Header, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../../common/http/decorators.js';
import { answerKeySet } from '../../crypto/key-ring/answer-key-set.js';
import { KeyRing } from '../../crypto/key-ring/key-ring.service.js';
import { JwksView } from './jwks.dto.js';

/** The keys with which any other service verifies our access tokens by itself (RFC 7517 §5). */
@ApiTags('operations')
@Public()
@Controller('.well-known')
export class JwksController {
  constructor(private readonly keyRing: KeyRing) {}

  /** The active key first, the next one, and those whose tokens may still be about; cacheable, with an `ETag`. */
  @Get('jwks.json')
  @Header('access-control-allow-origin', '*')
  @ApiOkResponse({ type: JwksView })
  @ApiResponse({ status: 304, description: 'The key set named by If-None-Match is still the current one' })
  async jwks(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JwksView | undefined> {
    await this.keyRing.catchUp();
    const keys = this.keyRing.published('access-token').map(({ publicJwk }) => publicJwk);
    return answerKeySet<JwksView>(request, reply, { keys });
  }
}
