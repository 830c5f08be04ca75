import { Controller, Get, Header } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '../../common/http/decorators.js';
import { JWKS_MAX_AGE_SECONDS, KeyRing } from '../key-ring/key-ring.service.js';
import { ServerKeysView, ServerKeyView } from './server-keys.dto.js';

/** The keys under which clients seal requests to this server and check its answers. */
@ApiTags('keys')
@Public()
@Controller('api/crypto/server-keys')
export class ServerKeysController {
  constructor(private readonly ring: KeyRing) {}

  /** The server's public keys (JWKS); the current key of each use stands first. */
  @Get()
  @Header('cache-control', `public, max-age=${JWKS_MAX_AGE_SECONDS}`)
  list(): ServerKeysView {
    const keys = [...this.ring.published('sealed-encryption'), ...this.ring.published('sealed-signature')];
    return { keys: keys.map((key) => ServerKeyView.of(key)) };
  }
}
