import { ApiProperty } from '@nestjs/swagger';
import type { SecurityEventType } from '../../security-log/security-event.entity.js';

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
