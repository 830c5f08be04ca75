import { Controller, Get, Head } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { Public } from '../common/http/decorators.js';
import { ServiceUnavailable } from '../common/problem/common.errors.js';
import { NotificationBus } from '../database/notification-bus.js';
import { HealthView } from './health.dto.js';

/** For load balancers and supervisors. */
@ApiTags('operations')
@Public()
@Controller()
export class HealthController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly bus: NotificationBus,
  ) {}

  /** Alive: says nothing of the database, so that a database restart does not restart the server too. */
  @Get('healthz')
  healthz(): HealthView {
    return { status: 'ok' };
  }

  /** Ready: the database answers, the migrations are in order and revocations arrive. */
  @Get('readyz')
  async readyz(): Promise<HealthView> {
    if (await this.dataSource.showMigrations()) throw new ServiceUnavailable(2);
    if (!this.bus.isFresh()) throw new ServiceUnavailable(1);
    return { status: 'ok' };
  }

  /** Some supervisors ask without wanting the answer's body. */
  @Head('healthz')
  @ApiExcludeEndpoint()
  healthzHead(): HealthView {
    return this.healthz();
  }

  @Head('readyz')
  @ApiExcludeEndpoint()
  readyzHead(): Promise<HealthView> {
    return this.readyz();
  }
}
