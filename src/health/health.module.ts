import { Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';
import { MetricsController } from './metrics.controller.js';

/** Health, readiness and metrics. */
@Module({ controllers: [HealthController, MetricsController] })
export class HealthModule {}
