import { Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';

/** Health, readiness and metrics. */
@Module({ controllers: [HealthController] })
export class HealthModule {}
