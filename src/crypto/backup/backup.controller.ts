import { Body, Controller, Delete, Get, HttpCode, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Client, type ClientInfo } from '../../common/http/client-info.js';
import { CurrentUser } from '../../common/http/decorators.js';
import type { Principal } from '../../common/http/principal.js';
import { BackupVersionView, BackupView, PutBackupDto } from './backup.dto.js';
import { BackupService } from './backup.service.js';

/** The caller's own key backup, encrypted by the client. */
@ApiTags('keys')
@Controller('api/crypto/backup')
export class BackupController {
  constructor(private readonly backups: BackupService) {}

  /** Keeps a new backup in place of the version that was read (0: there was none). */
  @Put()
  async put(
    @Body() { version, backup }: PutBackupDto,
    @CurrentUser() caller: Principal,
    @Client() client: ClientInfo,
  ): Promise<BackupVersionView> {
    return { version: await this.backups.put(version, backup, caller, client) };
  }

  /** The backup as it was sent. */
  @Get()
  async get(@CurrentUser() { userId }: Principal): Promise<BackupView> {
    const { version, backup, updatedAt } = await this.backups.get(userId);
    return { version, backup, updatedAt };
  }

  /** Deletes the backup; the next one starts from version 0. */
  @Delete()
  @HttpCode(204)
  async delete(@CurrentUser() caller: Principal, @Client() client: ClientInfo): Promise<void> {
    await this.backups.delete(caller, client);
  }
}
