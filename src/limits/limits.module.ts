import { Global, Module } from '@nestjs/common';
import { KnownAddresses } from './known-addresses.service.js';
import { Limits } from './limits.service.js';
import { RedisConnection } from './redis-connection.js';
import { SignInLimits } from './sign-in-limits.service.js';

/** Limits that all replicas share. */
@Global()
@Module({
  providers: [RedisConnection, Limits, KnownAddresses, SignInLimits],
  exports: [Limits, KnownAddresses, SignInLimits],
})
export class LimitsModule {}
