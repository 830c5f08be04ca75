import { IsInt, IsObject, Max, Min } from 'class-validator';

/** One below the largest `integer` of PostgreSQL: the next version must fit too. */
const MAX_VERSION = 2 ** 31 - 2;

export class PutBackupDto {
  /** The version that was read; 0 where there was none. */
  @IsInt()
  @Min(0)
  @Max(MAX_VERSION)
  version!: number;

  /** Opaque: encrypted by the client. At most 64 KiB. */
  @IsObject()
  backup!: Record<string, unknown>;
}

/** The backup was kept. */
export class BackupVersionView {
  /** To be sent with the next write. */
  version!: number;
}

export class BackupView {
  version!: number;
  /** As it was sent. */
  backup!: Record<string, unknown>;
  updatedAt!: Date;
}
