import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ConfigError } from '../../config/config.errors.js';
import { hasUnknownKey } from './re-encrypt.js';
import type { SealedColumn } from './sealed-column.js';
import { SecretBox } from './secret-box.js';

/** The injection token of all {@link SealedColumn}s: the composition root knows them. */
export const SEALED_COLUMNS = Symbol('SEALED_COLUMNS');

/** Stops the start where something in the database cannot be opened, before a person's sign-in finds out. */
@Injectable()
export class MasterKeyCheck implements OnModuleInit {
  constructor(
    private readonly dataSource: DataSource,
    private readonly box: SecretBox,
    @Inject(SEALED_COLUMNS) private readonly columns: readonly SealedColumn[],
  ) {}

  /** @throws ConfigError */
  async onModuleInit(): Promise<void> {
    const runner = this.dataSource.createQueryRunner();
    try {
      // A pass over each table, which may be large; the limit is meant for requests.
      await runner.query('SET statement_timeout = 0');
      for (const column of this.columns)
        if (await hasUnknownKey(runner, this.box, column))
          throw new ConfigError([
            `${column.table}.${column.column} holds secrets under another MASTER_KEY: ` +
              'set that one as MASTER_KEY_PREVIOUS until "npm run keys -- re-encrypt" is through',
          ]);
    } finally {
      await runner.query('RESET statement_timeout').catch(() => undefined);
      await runner.release();
    }
  }
}
