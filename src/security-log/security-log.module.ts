import { Global, Module } from '@nestjs/common';
import { SecurityLog } from './security-log.service.js';

/** Every feature records; none depends on who reads. */
@Global()
@Module({ providers: [SecurityLog], exports: [SecurityLog] })
export class SecurityLogModule {}
