import { MailTokenEntity } from './auth/email/mail-token.entity.js';
import { SessionEntity, UsedSignInStateEntity } from './auth/sessions/session.entity.js';
import { AccountKidEntity } from './crypto/account-keys/account-kid.entity.js';
import { KeyStatementEntity } from './crypto/account-keys/key-statement.entity.js';
import { BackupEntity } from './crypto/backup/backup.entity.js';
import { KeyLogHeadEntity } from './crypto/key-log/key-log-head.entity.js';
import { KeyLogLeafEntity } from './crypto/key-log/key-log-leaf.entity.js';
import { KeyLogNodeEntity } from './crypto/key-log/key-log-node.entity.js';
import { ServerKeyEntity } from './crypto/key-ring/server-key.entity.js';
import { SealedRequestIdEntity } from './crypto/sealed/sealed-request-id.entity.js';
import { KnownAddressEntity, RateLimitEntity } from './limits/limits.entities.js';
import { OutgoingMailEntity } from './mail/outgoing-mail.entity.js';
import { BlockEntity } from './messages/blocks/block.entity.js';
import { ChatEntity, DirectChatEntity } from './messages/chats/chat.entity.js';
import { ChatMemberEntity } from './messages/chats/chat-member.entity.js';
import { MessageEntity, MessageIdEntity } from './messages/envelopes/message.entity.js';
import { UserEventEntity, UserEventHeadEntity } from './messages/events/user-event.entity.js';
import { SecurityEventEntity } from './security-log/security-event.entity.js';
import { RecoveryCodeEntity, TwoFactorEntity } from './two-fa/two-factor.entity.js';
import { IdentityEntity } from './users/identity.entity.js';
import { PasswordEntity } from './users/passwords/password.entity.js';
import { RetiredUsernameEntity } from './users/retired-username.entity.js';
import { UserEntity } from './users/user.entity.js';

/** Every table's entity; a test compares them with the migrations. */
export const entities = [
  ServerKeyEntity,
  KeyLogHeadEntity,
  KeyLogLeafEntity,
  KeyLogNodeEntity,
  KeyStatementEntity,
  AccountKidEntity,
  BackupEntity,
  SealedRequestIdEntity,
  SecurityEventEntity,
  RateLimitEntity,
  KnownAddressEntity,
  OutgoingMailEntity,
  UserEntity,
  PasswordEntity,
  IdentityEntity,
  RetiredUsernameEntity,
  SessionEntity,
  UsedSignInStateEntity,
  MailTokenEntity,
  TwoFactorEntity,
  RecoveryCodeEntity,
  BlockEntity,
  ChatEntity,
  DirectChatEntity,
  ChatMemberEntity,
  MessageEntity,
  MessageIdEntity,
  UserEventHeadEntity,
  UserEventEntity,
];
