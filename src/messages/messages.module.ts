import { Module } from '@nestjs/common';
import { CryptoModule } from '../crypto/crypto.module.js';
import { UsersModule } from '../users/users.module.js';

/** Chats, envelopes, history, read state and events. */
@Module({ imports: [CryptoModule, UsersModule] })
export class MessagesModule {}
