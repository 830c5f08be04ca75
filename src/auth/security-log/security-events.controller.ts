import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../../common/http/decorators.js';
import { IdPageQuery } from '../../common/http/paging.js';
import type { Principal } from '../../common/http/principal.js';
import { SecurityLog } from '../../security-log/security-log.service.js';
import { toSecurityEventView } from './security-event-view.js';
import { SecurityEventPage } from './security-event.dto.js';

/** The account's own security log. */
@ApiTags('sessions')
@Controller('auth/events')
export class SecurityEventsController {
  constructor(private readonly log: SecurityLog) {}

  @Get()
  list(@CurrentUser() user: Principal, @Query() query: IdPageQuery): Promise<SecurityEventPage> {
    return this.log.list({ userId: user.userId }, query, toSecurityEventView);
  }
}
