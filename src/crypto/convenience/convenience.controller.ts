import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../../common/http/decorators.js';
import type { Principal } from '../../common/http/principal.js';
import { DecryptDto, DecryptedView, EncryptDto, EncryptedView } from './convenience.dto.js';
import { ConvenienceService } from './convenience.service.js';
import { ServerSideCryptoGuard } from './server-side-crypto.guard.js';

/** Sealing and opening on the server, for trying out: not end-to-end encrypted. Needs `SERVER_SIDE_CRYPTO=true`. */
@ApiTags('server-side crypto')
@UseGuards(ServerSideCryptoGuard)
@Controller('api/crypto')
export class ConvenienceController {
  constructor(private readonly convenience: ConvenienceService) {}

  /** Signs and seals a text to a chat's members. */
  @Post('encrypt')
  @HttpCode(200)
  async encrypt(@Body() draft: EncryptDto, @CurrentUser() { userId }: Principal): Promise<EncryptedView> {
    return { envelope: await this.convenience.seal(draft, userId), e2ee: false };
  }

  /** Opens an envelope and checks its signature against the sender's registered keys. */
  @Post('decrypt')
  @HttpCode(200)
  async decrypt(@Body() { envelope, privateKey }: DecryptDto): Promise<DecryptedView> {
    return { ...(await this.convenience.open(envelope, privateKey)), e2ee: false };
  }
}
