import { Controller, Get, Header } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '../../common/http/decorators.js';
import { JWKS_MAX_AGE_SECONDS, KeyRing } from '../../crypto/key-ring/key-ring.service.js';
import { JwksView } from './jwks.dto.js';

/** The keys with which any other service verifies our access tokens by itself (RFC 7517 §5). */
@ApiTags('operations')
@Public()
@Controller('.well-known')
export class JwksController {
  constructor(private readonly keyRing: KeyRing) {}

  @Get('jwks.json')
  @Header('cache-control', `public, max-age=${JWKS_MAX_AGE_SECONDS}`)
  @Header('access-control-allow-origin', '*')
  jwks(): JwksView {
    return { keys: this.keyRing.published('access-token').map(({ publicJwk }) => publicJwk) };
  }
}
