import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Client, type ClientInfo } from '../common/http/client-info.js';
import { AdminOnly, CurrentUser } from '../common/http/decorators.js';
import { IdParam } from '../common/http/id-param.pipe.js';
import type { Principal } from '../common/http/principal.js';
import { DirectoryService } from './directory.service.js';
import { KeyHolders } from './key-holders.service.js';
import { UserAdministration } from './user-administration.service.js';
import { AdminUserView, PUBLIC_OR_ADMIN_VIEW, PublicUserView, UsersPage } from './user-views.dto.js';
import { toAdminView } from './user-views.js';
import { CreateUserBody, DirectoryQuery, UpdateUserBody } from './users.dto.js';

/** The directory, and the admins' accounts. */
@ApiTags('users')
@Controller('api/users')
export class UsersController {
  constructor(
    private readonly directory: DirectoryService,
    private readonly administration: UserAdministration,
    private readonly keyHolders: KeyHolders,
  ) {}

  /** Search by the beginning of a username or display name. */
  @Get()
  search(@CurrentUser() { userId }: Principal, @Query() query: DirectoryQuery): Promise<UsersPage> {
    return this.directory.search(userId, query);
  }

  /** One account; admins get the administrative view. */
  @Get(':id')
  @ApiOkResponse({ schema: PUBLIC_OR_ADMIN_VIEW })
  get(@CurrentUser() { userId }: Principal, @Param('id', IdParam) id: string): Promise<PublicUserView> {
    return this.directory.get(userId, id);
  }

  /** Create an account. */
  @AdminOnly()
  @Post()
  async create(
    @CurrentUser() { userId }: Principal,
    @Client() client: ClientInfo,
    @Body() body: CreateUserBody,
  ): Promise<AdminUserView> {
    return toAdminView(await this.administration.create({ userId, client }, body), false);
  }

  /** Change an account. */
  @AdminOnly()
  @Put(':id')
  async update(
    @CurrentUser() { userId }: Principal,
    @Client() client: ClientInfo,
    @Param('id', IdParam) id: string,
    @Body() body: UpdateUserBody,
  ): Promise<AdminUserView> {
    const user = await this.administration.update({ userId, client }, id, body);
    return toAdminView(user, await this.keyHolders.has(id));
  }

  /** Delete an account. */
  @AdminOnly()
  @Delete(':id')
  @HttpCode(204)
  delete(
    @CurrentUser() { userId }: Principal,
    @Client() client: ClientInfo,
    @Param('id', IdParam) id: string,
  ): Promise<void> {
    return this.administration.delete({ userId, client }, id);
  }
}
