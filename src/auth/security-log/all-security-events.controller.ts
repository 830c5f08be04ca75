import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AdminOnly } from '../../common/http/decorators.js';
import { SecurityLog } from '../../security-log/security-log.service.js';
import { AllSecurityEventsQuery, AllSecurityEventsPage } from './security-event.dto.js';
import { toSecurityEventView } from './security-event-view.js';

/** The security log over all accounts, for admins. */
@ApiTags('users')
@AdminOnly()
@Controller('api/security-events')
export class AllSecurityEventsController {
  constructor(private readonly log: SecurityLog) {}

  /** Newest first; also what has no account, such as a sign-in with an unknown address. */
  @Get()
  list(@Query() { userId, type, ...page }: AllSecurityEventsQuery): Promise<AllSecurityEventsPage> {
    return this.log.list({ userId, type }, page, (row) => ({
      ...toSecurityEventView(row),
      userId: row.userId,
    }));
  }
}
