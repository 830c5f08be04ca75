import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Public } from '../../common/http/decorators.js';
import { NotSealable } from '../../common/http/not-sealable.decorator.js';
import { SEALED_ROUTE } from './sealed-requests.service.js';

const JWE = { type: 'string', description: 'JWE compact serialization (RFC 7516 §7.1).' } as const;

/** Sealed requests for any route. */
@ApiTags('sealed requests')
@Public()
@Controller(SEALED_ROUTE)
export class SealedController {
  /**
   * A sealed request, dispatched to the method and path inside it. The answer is sealed, and 200, whatever it says;
   * what cannot be opened, is stale or came before is one plain `400 invalid_sealed_request`.
   */
  @Post()
  @HttpCode(200)
  @NotSealable()
  @ApiConsumes('application/jose')
  @ApiProduces('application/jose')
  @ApiBody({ schema: JWE })
  @ApiOkResponse({ content: { 'application/jose': { schema: JWE } } })
  open(): void {
    throw new TypeError('what is sealed is answered before the handler, and the rest refused');
  }
}
