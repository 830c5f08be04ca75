import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { KeysService } from '../crypto/account-keys/keys.service.js';

/** Which people messages can be sealed to. */
@Injectable()
export class KeyHolders {
  constructor(
    private readonly dataSource: DataSource,
    private readonly keys: KeysService,
  ) {}

  among(userIds: readonly string[]): Promise<ReadonlySet<string>> {
    return this.keys.hasKeys(this.dataSource, userIds);
  }

  async has(userId: string): Promise<boolean> {
    return (await this.among([userId])).has(userId);
  }
}
