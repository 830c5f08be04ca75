import { ApiProperty } from '@nestjs/swagger';
import { IsUUID, Matches } from 'class-validator';
import { IdPageQuery } from '../../common/http/paging.js';
import type { SecurityEventType } from '../../security-log/security-event.entity.js';
import { MayBeAbsent } from '../../users/account-fields.js';

export class SecurityEventView {
  id!: string;
  @ApiProperty({ type: String })
  type!: SecurityEventType;
  createdAt!: string;
  sessionId!: string | null;
  ip!: string | null;
  /** Such as "Chrome on Windows". */
  device!: string | null;
  @ApiProperty({ type: 'object', additionalProperties: true })
  details!: Record<string, unknown>;
}

export class SecurityEventPage {
  items!: SecurityEventView[];
  nextCursor!: string | null;
}

export class AllSecurityEventsQuery extends IdPageQuery {
  /** Of this account only. */
  @MayBeAbsent()
  @IsUUID()
  userId?: string;

  /** Of this kind only. */
  @MayBeAbsent()
  @Matches(/^[a-z_]{1,64}$/, { message: 'type must be the name of a kind of event' })
  type?: string;
}

export class AnySecurityEventView extends SecurityEventView {
  /** Null where no account is known, as of a sign-in with an unknown address. */
  userId!: string | null;
}

export class AllSecurityEventsPage {
  items!: AnySecurityEventView[];
  nextCursor!: string | null;
}
