import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentUser } from '../../common/http/decorators.js';
import { IdParam } from '../../common/http/id-param.pipe.js';
import { PageQuery } from '../../common/http/paging.js';
import type { Principal } from '../../common/http/principal.js';
import { ChatReader } from './chat-reader.service.js';
import { ChatsPage, ChatView, CreateChatBody } from './chats.dto.js';
import { ChatsService } from './chats.service.js';
import { MembersService } from './members.service.js';

/** Chats and who is in them. */
@ApiTags('chats')
@Controller('api/chats')
export class ChatsController {
  constructor(
    private readonly chats: ChatsService,
    private readonly members: MembersService,
    private readonly reader: ChatReader,
  ) {}

  /** Start a chat; the direct chat of two people exists once. */
  @Post()
  @ApiOkResponse({ type: ChatView, description: 'The direct chat that was there.' })
  async create(
    @CurrentUser() { userId }: Principal,
    @Body() body: CreateChatBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChatView> {
    const { chatId, isNew } = await this.chats.create(userId, body);
    void reply.status(isNew ? 201 : 200);
    return this.reader.get(chatId, userId);
  }

  /** The own chats, the newest-made first. */
  @Get()
  list(@CurrentUser() { userId }: Principal, @Query() query: PageQuery): Promise<ChatsPage> {
    return this.reader.list(userId, query);
  }

  /** One of the own chats. */
  @Get(':chatId')
  get(@CurrentUser() { userId }: Principal, @Param('chatId', IdParam) chatId: string): Promise<ChatView> {
    return this.reader.get(chatId, userId);
  }

  /** Add somebody to a group. */
  @Put(':chatId/members/:userId')
  @HttpCode(204)
  add(
    @CurrentUser() actor: Principal,
    @Param('chatId', IdParam) chatId: string,
    @Param('userId', IdParam) userId: string,
  ): Promise<void> {
    return this.members.add(chatId, actor.userId, userId);
  }

  /** Leave a group or, as its owner, remove somebody. */
  @Delete(':chatId/members/:userId')
  @HttpCode(204)
  remove(
    @CurrentUser() actor: Principal,
    @Param('chatId', IdParam) chatId: string,
    @Param('userId', IdParam) userId: string,
  ): Promise<void> {
    return this.members.remove(chatId, actor.userId, userId);
  }
}
