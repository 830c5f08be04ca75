import { Account } from './account-scope.js';
import { Auth } from './account/auth.js';
import { FortyTwo } from './account/forty-two.js';
import { ProfileApi, Users } from './account/profiles.js';
import { SecurityEvents, Sessions } from './account/sessions.js';
import { TwoFactor } from './account/two-factor.js';
import { BackupStore } from './backup/backup-store.js';
import type { BackupApi } from './backup/backup-types.js';
import { Backups } from './backup/backups.js';
import { Device } from './device.js';
import { Emitter } from './emitter.js';
import { hasCode } from './errors.js';
import { Events } from './events/events.js';
import { Http } from './http/http.js';
import { plainTransport } from './http/plain-transport.js';
import { sealedTransport } from './http/sealed-transport.js';
import { SessionState } from './http/session-state.js';
import { Contacts } from './keys/contacts.js';
import { KeyMaking } from './keys/key-making.js';
import type { KeysApi } from './keys/key-types.js';
import { Keys } from './keys/keys.js';
import { OwnAccountKeys } from './keys/own-account-keys.js';
import { Alarms } from './log/alarms.js';
import { KeyLog } from './log/key-log.js';
import type { KeyLogApi } from './log/log-types.js';
import { MessageHeads } from './log/message-heads.js';
import { PinnedLog } from './log/pinned-log.js';
import { ChatMemory } from './messages/chat-memory.js';
import { Chats } from './messages/chats.js';
import type { ChatsApi, MessagesApi, OutboxApi } from './messages/message-types.js';
import { Messages } from './messages/messages.js';
import { Opener } from './messages/opener.js';
import { Outbox } from './messages/outbox.js';
import { Sender } from './messages/sender.js';
import { type SealgateOptions, type Settings, settle } from './options.js';
import { browser } from './storage/browser-globals.js';

/** Silent for two heartbeats and a bit. */
const SILENCE_MS = 45_000;

/** How often a sealed client asks for messages. */
const POLL_MS = 3_000;

/** One person's way to one Sealgate server. */
export class Sealgate {
  readonly auth: Auth;
  readonly twoFactor: TwoFactor;
  readonly fortyTwo: FortyTwo;
  readonly sessions: Sessions;
  readonly securityEvents: SecurityEvents;
  readonly profile: ProfileApi;
  readonly users: Users;
  readonly keys: KeysApi;
  readonly keyLog: KeyLogApi;
  readonly backup: BackupApi;
  readonly chats: ChatsApi;
  readonly messages: MessagesApi;
  readonly outbox: OutboxApi;
  readonly events: Events;
  readonly device: Device;

  private readonly settings: Settings;
  private readonly emitter = new Emitter();
  private readonly http: Http;
  private readonly sending: Outbox;
  private watchedFor: string | null = null;
  /** What is remembered of one account is nothing for the next. */
  private readonly forgetAll: () => void;

  constructor(options: SealgateOptions) {
    const settings = settle(options);
    this.settings = settings;
    const { storage, retry } = settings;
    const session = new SessionState(storage, settings.tokensInBody);
    const transport = settings.sealed ? sealedTransport(settings) : plainTransport(settings);
    const http = new Http(transport, session, retry, () => this.signedOut());
    this.http = http;
    const account = new Account(http, storage);
    const alarms = new Alarms(storage, this.emitter);
    const log = new PinnedLog(http, storage, settings.pinnedLogKey, alarms);
    const contacts = new Contacts(http, account, log, alarms);
    const backups = new BackupStore(http, account);
    const making = new KeyMaking(http, account, contacts, backups);
    const own = new OwnAccountKeys(account, contacts, making);
    const memory = new ChatMemory(account);
    const chats = new Chats(http, account);
    const opener = new Opener(account, own, contacts, memory, new MessageHeads(log, alarms));
    const sender = new Sender(http, account, own, contacts, chats, memory, log, alarms);
    this.sending = new Outbox(account, sender, this.emitter);

    const onSettled = (userId: string) => this.settled(userId);
    const onSignedOut = () => this.signedOut();
    this.forgetAll = () => {
      chats.forget();
      contacts.forget();
    };
    this.auth = new Auth(http, settings.baseUrl, onSettled, onSignedOut);
    this.twoFactor = new TwoFactor(http, onSettled);
    this.fortyTwo = new FortyTwo(http);
    this.sessions = new Sessions(http);
    this.securityEvents = new SecurityEvents(http);
    this.users = new Users(http);
    this.profile = new ProfileApi(http, (remove) => this.deleted(remove));
    this.device = new Device(account, () => this.forgetAll());
    this.keys = new Keys(account, own, contacts);
    const onForeign = async () => contacts.expire(await account.id());
    this.keyLog = new KeyLog(http, log, alarms, account, () => own.knownStatements(), onForeign);
    this.backup = new Backups(account, own, contacts, making, backups, () => this.watchOwn());
    this.chats = chats;
    this.messages = new Messages(http, account, chats, sender, opener, memory);
    this.outbox = this.sending;
    const parts = {
      chats,
      contacts,
      opener,
      onConnected: () => this.sending.flushSoon(0),
      onSessionEnded: () => this.sessionEnded(),
    };
    this.events = new Events(http, account, this.emitter, parts, {
      ...settings,
      silenceMs: SILENCE_MS,
      baseDelayMs: retry.baseDelayMs,
      pollMs: settings.sealed ? POLL_MS : null,
    });
    browser.addEventListener?.('online', () => this.sending.flushSoon(0));
  }

  /** Ends the stream and closes the storage. */
  async close(): Promise<void> {
    this.events.close();
    this.sending.stop();
    await this.settings.storage.close();
  }

  private settled(userId: string): void {
    if (this.watchedFor === userId) return;
    if (this.watchedFor !== null) this.forgetAll();
    this.watchedFor = userId;
    this.watchOwn();
    this.sending.flushSoon(0);
  }

  /** In the background: what it finds is an `alarm` event, what keeps it from looking an `error` event. */
  private watchOwn(): void {
    this.keyLog.watchOwn().catch((error: unknown) => {
      if (!hasCode(error, 'key_log_alarm', 'unauthenticated')) this.emitter.report(error);
    });
  }

  private async deleted(remove: () => Promise<void>): Promise<void> {
    // The stream may say that the session has ended before the answer comes, and then nobody knows whose device it was.
    const forget = await this.device.forgetLater();
    await remove();
    await forget();
    await this.sessionEnded();
  }

  private async sessionEnded(): Promise<void> {
    await this.http.session.clear();
    this.signedOut();
  }

  private signedOut(): void {
    this.watchedFor = null;
    this.forgetAll();
    this.events.close();
    this.sending.stop();
    this.emitter.emit('signed-out', {});
  }
}
