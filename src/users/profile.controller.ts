import { Body, Controller, Delete, Get, Header, HttpCode, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Client, type ClientInfo } from '../common/http/client-info.js';
import { CurrentUser } from '../common/http/decorators.js';
import type { Principal } from '../common/http/principal.js';
import { AccountExport } from './account-export.service.js';
import { KeyHolders } from './key-holders.service.js';
import { ProofBody, UpdateProfileBody } from './profile.dto.js';
import { ProfileService } from './profile.service.js';
import { OwnProfileView } from './user-views.dto.js';
import type { UserEntity } from './user.entity.js';
import { toProfileView } from './user-views.js';

/** The caller's own account. */
@ApiTags('users')
@Controller('api/users/me')
export class ProfileController {
  constructor(
    private readonly profiles: ProfileService,
    private readonly accountExport: AccountExport,
    private readonly keyHolders: KeyHolders,
  ) {}

  /** Own profile. */
  @Get()
  async get(@CurrentUser() { userId }: Principal): Promise<OwnProfileView> {
    return this.view(await this.profiles.get(userId));
  }

  /** Change the own profile; a new e-mail address takes the password or a code with it, or a fresh sign-in with 42. */
  @Patch()
  async update(
    @CurrentUser() principal: Principal,
    @Client() client: ClientInfo,
    @Body() body: UpdateProfileBody,
  ): Promise<OwnProfileView> {
    return this.view(await this.profiles.update({ principal, client }, body));
  }

  /** Delete the own account; takes the password or a code, or a fresh sign-in with 42. */
  @Delete()
  @HttpCode(204)
  delete(
    @CurrentUser() principal: Principal,
    @Client() client: ClientInfo,
    @Body() body: ProofBody,
  ): Promise<void> {
    return this.profiles.delete({ principal, client }, body);
  }

  /** Everything that the server holds on the account. */
  @Get('export')
  @Header('content-disposition', 'attachment; filename="sealgate-account.json"')
  export(@CurrentUser() { userId }: Principal): Promise<Record<string, unknown>> {
    return this.accountExport.of(userId);
  }

  private async view(user: UserEntity): Promise<OwnProfileView> {
    const view = toProfileView(user, await this.keyHolders.has(user.id));
    return { ...view, pendingEmail: await this.profiles.pendingEmail(user.id) };
  }
}
