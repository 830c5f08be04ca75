import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../common/time/clock.js';
import { KeysService } from '../crypto/account-keys/keys.service.js';
import { BackupService } from '../crypto/backup/backup.service.js';
import { SecurityEventEntity } from '../security-log/security-event.entity.js';
import { AccountHooks } from './account-hooks.js';
import { IdentityEntity } from './identity.entity.js';
import { PasswordEntity } from './passwords/password.entity.js';
import { UserEntity } from './user.entity.js';

/** What the server holds on an account (GDPR, articles 15 and 20); of secrets only that there are any, and since when. */
@Injectable()
export class AccountExport {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly hooks: AccountHooks,
    private readonly keys: KeysService,
    private readonly backups: BackupService,
  ) {}

  async of(userId: string): Promise<Record<string, unknown>> {
    const manager = this.dataSource.manager;
    const password = await manager.findOneBy(PasswordEntity, { userId });
    return {
      exportedAt: this.clock.now(),
      account: await manager.findOneByOrFail(UserEntity, { id: userId }),
      signIn: {
        password: password === null ? null : { updatedAt: password.updatedAt },
        identities: await manager.find(IdentityEntity, {
          where: { userId },
          select: { provider: true, subject: true, login: true, createdAt: true },
        }),
      },
      keys: await this.keys.export(userId),
      backup: await this.backups.export(userId),
      securityEvents: await manager.find(SecurityEventEntity, { where: { userId }, order: { id: 'ASC' } }),
      ...(await this.hooks.export(userId)),
    };
  }
}
