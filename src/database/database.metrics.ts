import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Metrics } from '../common/metrics.js';
import { NotificationBus } from './notification-bus.js';

/** What node-postgres tells of its pool. */
interface Pool {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

/** Shows whether requests wait for the database, and how old what we know of other replicas is. */
@Injectable()
export class DatabaseMetrics {
  constructor(metrics: Metrics, dataSource: DataSource, bus: NotificationBus) {
    const pool = (dataSource.driver as unknown as { readonly master: Pool }).master;
    metrics.gauges(
      'sealgate_database_connections',
      'Connections of the pool that are open and idle, and requests that wait for one.',
      'state',
      () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    );
    metrics.gauge(
      'sealgate_bus_age_seconds',
      'How long ago the connection that brings notices of other replicas last answered; +Inf while it is lost.',
      () => bus.ageSeconds(),
    );
  }
}
