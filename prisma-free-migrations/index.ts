import { ServerKeys1700000000001 } from './0001-server-keys.js';
import { Users1700000000002 } from './0002-users.js';
import { SecurityEvents1700000000003 } from './0003-security-events.js';
import { Sessions1700000000004 } from './0004-sessions.js';
import { TwoFactor1700000000005 } from './0005-two-factor.js';
import { AccountKeys1700000000006 } from './0006-account-keys.js';
import { Backups1700000000007 } from './0007-backups.js';
import { Chats1700000000008 } from './0008-chats.js';
import { Messages1700000000009 } from './0009-messages.js';
import { UserEvents1700000000010 } from './0010-user-events.js';
import { DirectoryIndex1700000000011 } from './0011-directory-index.js';
import { Limits1700000000012 } from './0012-limits.js';
import { Mail1700000000013 } from './0013-mail.js';
import { SealedRequests1700000000014 } from './0014-sealed-requests.js';
import { ChangeEmail1700000000015 } from './0015-change-email.js';
import { AppendOnlyLog1700000000016 } from './0016-append-only-log.js';
import { KeyedDigests1700000000017 } from './0017-keyed-digests.js';
import { Blocks1700000000018 } from './0018-blocks.js';
import { AccountNotices1700000000019 } from './0019-account-notices.js';

/** In the order in which they run. A landed migration is never edited: a new one follows. */
export const migrations = [
  ServerKeys1700000000001,
  Users1700000000002,
  SecurityEvents1700000000003,
  Sessions1700000000004,
  TwoFactor1700000000005,
  AccountKeys1700000000006,
  Backups1700000000007,
  Chats1700000000008,
  Messages1700000000009,
  UserEvents1700000000010,
  DirectoryIndex1700000000011,
  Limits1700000000012,
  Mail1700000000013,
  SealedRequests1700000000014,
  ChangeEmail1700000000015,
  AppendOnlyLog1700000000016,
  KeyedDigests1700000000017,
  Blocks1700000000018,
  AccountNotices1700000000019,
];
