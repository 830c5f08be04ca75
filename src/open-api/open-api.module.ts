import { Module } from '@nestjs/common';
import { OpenApiController } from './open-api.controller.js';

/** The contract as OpenAPI 3.1. */
@Module({ controllers: [OpenApiController] })
export class OpenApiModule {}
