import { Controller, Get, Param, Post } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiExtraModels, ApiTags, getSchemaPath } from '@nestjs/swagger';
import { Client, type ClientInfo } from '../../common/http/client-info.js';
import { CurrentUser } from '../../common/http/decorators.js';
import { IdParam } from '../../common/http/id-param.pipe.js';
import { Takes } from '../../common/http/unknown-members.guard.js';
import type { Principal } from '../../common/http/principal.js';
import { KeyGeneration } from './key-generation.service.js';
import { KeyRegistration } from './key-registration.service.js';
import {
  GenerateKeysDto,
  GeneratedKeysView,
  LogProofView,
  RegisteredKeysView,
  UserKeysView,
} from './keys.dto.js';
import { KeysService } from './keys.service.js';
import { OptionalBody, StatementBody } from './optional-body.js';

/** Account keys: made by the client, registered here, shown to whoever writes to the account. */
@ApiTags('keys')
@Controller('api/crypto')
export class KeysController {
  constructor(
    private readonly registration: KeyRegistration,
    private readonly generation: KeyGeneration,
    private readonly keys: KeysService,
  ) {}

  /**
   * Registers the caller's next keys. Without a body, and where the operator allows it, the server makes them; the
   * private ones are in the answer, once.
   */
  @Post('generate-keys')
  @Takes('body')
  @ApiBody({ type: GenerateKeysDto, required: false })
  @ApiExtraModels(RegisteredKeysView, GeneratedKeysView)
  @ApiCreatedResponse({
    schema: {
      oneOf: [{ $ref: getSchemaPath(RegisteredKeysView) }, { $ref: getSchemaPath(GeneratedKeysView) }],
    },
  })
  async generateKeys(
    @CurrentUser() caller: Principal,
    @Client() client: ClientInfo,
    @OptionalBody(StatementBody) body: GenerateKeysDto | undefined,
  ): Promise<RegisteredKeysView | GeneratedKeysView> {
    if (body === undefined) return this.generation.generate(caller, client);
    const { statement, leaf } = await this.registration.register(body.statement, caller, client);
    return { version: statement.payload.version, kids: statement.kids, log: LogProofView.of(leaf) };
  }

  /** Anybody's statements with their places in the key log, for the caller to verify. */
  @Get('keys/:userId')
  async list(@Param('userId', IdParam) userId: string): Promise<UserKeysView> {
    const found = await this.keys.list(userId);
    return {
      userId,
      keys: found.map(({ statement, leaf }) => ({ statement, log: LogProofView.of(leaf) })),
    };
  }
}
