import { Global, Module } from '@nestjs/common';
import { ChatDirectory } from '../crypto/convenience/chat-directory.js';
import { CryptoModule } from '../crypto/crypto.module.js';
import { UsersModule } from '../users/users.module.js';
import { BlocksController } from './blocks/blocks.controller.js';
import { Blocks } from './blocks/blocks.service.js';
import { ChatReader } from './chats/chat-reader.service.js';
import { ChatsController } from './chats/chats.controller.js';
import { ChatsService } from './chats/chats.service.js';
import { MembersDirectory } from './chats/members-directory.service.js';
import { MembersService } from './chats/members.service.js';
import { People } from './chats/people.service.js';
import { SendService } from './envelopes/send.service.js';
import { ChatChanges } from './events/chat-changes.service.js';
import { EventFeed } from './events/event-feed.service.js';
import { EventPump } from './events/event-pump.service.js';
import { EventRetention } from './events/event-retention.service.js';
import { EventStreams } from './events/event-streams.service.js';
import { EventsController } from './events/events.controller.js';
import { SessionWatch } from './events/session-watch.service.js';
import { StreamRegistry } from './events/stream-registry.js';
import { StreamUpkeep } from './events/stream-upkeep.service.js';
import { WakeUps } from './events/wake-ups.service.js';
import { MessageDeletion } from './history/deletion.service.js';
import { HistoryService } from './history/history.service.js';
import { InboxService } from './history/inbox.service.js';
import { MessagesController } from './history/messages.controller.js';
import { ReadState } from './history/read-state.service.js';
import { MessagesAccount } from './messages-account.service.js';

/** Chats, envelopes, history, read state and events. Global for the one port that the keys' module asks. */
@Global()
@Module({
  imports: [CryptoModule, UsersModule],
  controllers: [ChatsController, BlocksController, MessagesController, EventsController],
  providers: [
    ChatsService,
    MembersService,
    ChatReader,
    People,
    Blocks,
    SendService,
    HistoryService,
    InboxService,
    ReadState,
    MessageDeletion,
    ChatChanges,
    WakeUps,
    EventFeed,
    EventPump,
    EventStreams,
    EventRetention,
    SessionWatch,
    StreamRegistry,
    StreamUpkeep,
    MessagesAccount,
    { provide: ChatDirectory, useClass: MembersDirectory },
  ],
  exports: [ChatDirectory],
})
export class MessagesModule {}
