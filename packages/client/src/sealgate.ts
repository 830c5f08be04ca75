import { Auth } from './account/auth.js';
import { ProfileApi, Users } from './account/profiles.js';
import { SecurityEvents, Sessions } from './account/sessions.js';
import { TwoFactor } from './account/two-factor.js';
import type { BackupApi } from './backup/backup-types.js';
import type { EventsApi } from './events/event-types.js';
import { Http } from './http/http.js';
import { plainTransport } from './http/plain-transport.js';
import { SessionState } from './http/session-state.js';
import type { KeysApi } from './keys/key-types.js';
import type { KeyLogApi } from './log/log-types.js';
import type { ChatsApi, MessagesApi, OutboxApi } from './messages/message-types.js';
import { type SealgateOptions, settle } from './options.js';

/** One person's way to one Sealgate server. */
export class Sealgate {
  readonly auth: Auth;
  readonly twoFactor: TwoFactor;
  readonly sessions: Sessions;
  readonly securityEvents: SecurityEvents;
  readonly profile: ProfileApi;
  readonly users: Users;
  declare readonly keys: KeysApi;
  declare readonly keyLog: KeyLogApi;
  declare readonly backup: BackupApi;
  declare readonly chats: ChatsApi;
  declare readonly messages: MessagesApi;
  declare readonly outbox: OutboxApi;
  declare readonly events: EventsApi;

  constructor(options: SealgateOptions) {
    const settings = settle(options);
    const { baseUrl, storage, retry } = settings;
    const session = new SessionState(storage, settings.tokensInBody);
    const http = new Http(plainTransport(settings), session, retry, () => this.signedOut());
    this.auth = new Auth(
      http,
      baseUrl,
      () => this.settled(),
      () => this.signedOut(),
    );
    this.twoFactor = new TwoFactor(http, () => this.settled());
    this.sessions = new Sessions(http);
    this.securityEvents = new SecurityEvents(http);
    this.users = new Users(http);
    this.profile = new ProfileApi(http, () => session.clear());
  }

  private settled(): void {}

  private signedOut(): void {}
}
