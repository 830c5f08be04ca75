import { Module } from '@nestjs/common';
import { CryptoModule } from '../crypto/crypto.module.js';
import { UsersModule } from '../users/users.module.js';

/** Sign-in, sessions, tokens and the guards. */
@Module({ imports: [CryptoModule, UsersModule] })
export class AuthModule {}
