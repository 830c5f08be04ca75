export { Sealgate } from './sealgate.js';
export type { SealgateOptions } from './options.js';
export { type ClientCode, type FieldError, hasCode, SealgateError } from './errors.js';
export { type Page, Paged } from './http/paged.js';
export type { RetryOptions } from './http/http.js';

export type {
  Account,
  IdentityProof,
  Me,
  NextStep,
  Profile,
  SecondFactor,
  SecurityEvent,
  Session,
  SignedIn,
  User,
} from './account/account-types.js';
export type { Auth } from './account/auth.js';
export type { FortyTwo, FortyTwoLink } from './account/forty-two.js';
export type { BlockedUser, ProfileApi, ProfileChange, Users } from './account/profiles.js';
export type { SecurityEvents, Sessions } from './account/sessions.js';
export type { Settled, TwoFactor } from './account/two-factor.js';

export type {
  ContactKeys,
  KeyProgress,
  KeysApi,
  KeyState,
  KeyStatus,
  KeyStep,
  KeyVersion,
  Trust,
} from './keys/key-types.js';
export type { Alarm, KeyLogApi, LogCheck, LogStatus, SeenHead } from './log/log-types.js';
export type { BackupApi, BackupStatus, BackupUnlock, MadeBackup } from './backup/backup-types.js';
export type {
  Chat,
  ChatItem,
  ChatMember,
  ChatsApi,
  DeletedItem,
  HistoryPage,
  MessageRow,
  MessagesApi,
  MissingItem,
  OpenedItem,
  OutboxApi,
  QueuedMessage,
  SentMessage,
  UnopenedItem,
  UnopenedReason,
} from './messages/message-types.js';
export type { Device } from './device.js';
export type { ConnectOptions, EventData, EventsApi, EventType, SealgateEvent } from './events/event-types.js';

export { IndexedDbStorage } from './storage/indexed-db-storage.js';
export { MemoryStorage } from './storage/memory-storage.js';
export type { Change, SealgateStorage } from './storage/storage.js';
