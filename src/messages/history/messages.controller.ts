import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentUser } from '../../common/http/decorators.js';
import { IdParam } from '../../common/http/id-param.pipe.js';
import type { Principal } from '../../common/http/principal.js';
import { Forbidden } from '../../common/problem/common.errors.js';
import { ReceiptView, SendMessageBody } from '../envelopes/send.dto.js';
import { SendService } from '../envelopes/send.service.js';
import { MessageDeletion } from './deletion.service.js';
import { HistoryQuery, InboxPage, MessagesPage, ReceiveQuery } from './history.dto.js';
import { HistoryService } from './history.service.js';
import { InboxService } from './inbox.service.js';
import { asJsonText } from '../../common/http/json-reply.js';
import { ReadState } from './read-state.service.js';

/** Sealed messages. */
@ApiTags('messages')
@Controller('api/messages')
export class MessagesController {
  constructor(
    private readonly sending: SendService,
    private readonly history: HistoryService,
    private readonly inbox: InboxService,
    private readonly readState: ReadState,
    private readonly deletion: MessageDeletion,
  ) {}

  /** Send a sealed message to a chat. */
  @Post('send')
  @ApiOkResponse({ type: ReceiptView, description: 'The same message was sent before.' })
  async send(
    @CurrentUser() { userId }: Principal,
    @Body() body: SendMessageBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReceiptView> {
    const { seq, sentAt, isNew } = await this.sending.send(userId, body);
    void reply.status(isNew ? 201 : 200);
    return { id: body.id, chatId: body.chatId, seq, sentAt };
  }

  /** What others have sent to oneself, over all chats, from a cursor on. */
  @Get('receive/:userId')
  @ApiOkResponse({ type: InboxPage })
  async receive(
    @CurrentUser() caller: Principal,
    @Param('userId', IdParam) userId: string,
    @Query() query: ReceiveQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    if (userId !== caller.userId) throw new Forbidden();
    const page = await this.inbox.page(userId, query);
    asJsonText(reply);
    return page;
  }

  /** Mark a message and all before it in its chat as read. */
  @Patch('mark-read/:messageId')
  @HttpCode(204)
  markRead(
    @CurrentUser() { userId }: Principal,
    @Param('messageId', IdParam) messageId: string,
  ): Promise<void> {
    return this.readState.markRead(messageId, userId);
  }

  /** A chat's messages by their place in it. */
  @Get('history/:chatId')
  @ApiOkResponse({ type: MessagesPage })
  async page(
    @CurrentUser() { userId }: Principal,
    @Param('chatId', IdParam) chatId: string,
    @Query() query: HistoryQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const page = await this.history.page(chatId, userId, query);
    asJsonText(reply);
    return page;
  }

  /** Take an own message back; a tombstone stays. */
  @Delete(':messageId')
  @HttpCode(204)
  delete(
    @CurrentUser() { userId }: Principal,
    @Param('messageId', IdParam) messageId: string,
  ): Promise<void> {
    return this.deletion.delete(messageId, userId);
  }
}
