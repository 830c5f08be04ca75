import { Controller, Delete, Get, HttpCode, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../../common/http/decorators.js';
import { IdParam } from '../../common/http/id-param.pipe.js';
import type { Principal } from '../../common/http/principal.js';
import { BlocksView } from './blocks.dto.js';
import { Blocks } from './blocks.service.js';

/** People one does not want to hear from. */
@ApiTags('chats')
@Controller('api/blocks')
export class BlocksController {
  constructor(private readonly blocks: Blocks) {}

  /** Whom the caller has blocked, the newest first. */
  @Get()
  async list(@CurrentUser() { userId }: Principal): Promise<BlocksView> {
    return { items: await this.blocks.list(userId), nextCursor: null };
  }

  /** Block somebody: no new chat with them, and no new message in the direct chat. */
  @Put(':userId')
  @HttpCode(204)
  add(@CurrentUser() caller: Principal, @Param('userId', IdParam) userId: string): Promise<void> {
    return this.blocks.add(caller.userId, userId);
  }

  /** Let them write again. */
  @Delete(':userId')
  @HttpCode(204)
  remove(@CurrentUser() caller: Principal, @Param('userId', IdParam) userId: string): Promise<void> {
    return this.blocks.remove(caller.userId, userId);
  }
}
