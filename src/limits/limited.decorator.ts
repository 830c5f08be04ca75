import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { PolicyName } from './policies.js';

export const LIMITED = Symbol('LIMITED');

/** Counts every request to a route by the caller's address, whatever comes of it. */
export const Limited = (policy: PolicyName): MethodDecorator =>
  applyDecorators(
    SetMetadata(LIMITED, policy),
    ApiResponse({ status: 429, description: '`rate_limited`: too many from this address.' }),
  );
