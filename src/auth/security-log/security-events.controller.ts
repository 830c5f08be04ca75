import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../../common/http/decorators.js';
import { IdPageQuery } from '../../common/http/paging.js';
import type { Principal } from '../../common/http/principal.js';
import { SecurityLog } from '../../security-log/security-log.service.js';
import { deviceName } from '../sessions/device-name.js';
import { SecurityEventPage } from './security-event.dto.js';

/** The account's own security log. */
@ApiTags('sessions')
@Controller('auth/events')
export class SecurityEventsController {
  constructor(private readonly log: SecurityLog) {}

  @Get()
  list(@CurrentUser() user: Principal, @Query() query: IdPageQuery): Promise<SecurityEventPage> {
    return this.log.list(user.userId, query, (row) => ({
      id: row.id,
      type: row.type,
      createdAt: row.createdAt.toISOString(),
      sessionId: row.sessionId,
      ip: row.ip,
      device: row.userAgent === null ? null : deviceName(row.userAgent),
      details: row.details,
    }));
  }
}
