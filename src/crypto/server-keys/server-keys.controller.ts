import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../../common/http/decorators.js';
import { answerKeySet } from '../key-ring/answer-key-set.js';
import { KeyRing } from '../key-ring/key-ring.service.js';
import { ServerKeysView, ServerKeyView } from './server-keys.dto.js';

/** The keys under which clients seal requests to this server and check its answers. */
@ApiTags('keys')
@Public()
@Controller('api/crypto/server-keys')
export class ServerKeysController {
  constructor(private readonly ring: KeyRing) {}

  /** The server's public keys (JWKS); the current key of each use stands first. Cacheable, with an `ETag`. */
  @Get()
  @ApiOkResponse({ type: ServerKeysView })
  @ApiResponse({ status: 304, description: 'The key set named by If-None-Match is still the current one' })
  async list(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ServerKeysView | undefined> {
    await this.ring.catchUp();
    const keys = [...this.ring.published('sealed-encryption'), ...this.ring.published('sealed-signature')];
    return answerKeySet<ServerKeysView>(request, reply, { keys: keys.map((key) => ServerKeyView.of(key)) });
  }
}
