import type { LogEntry } from '@sealgate/protocol';
import type { Account } from '../account-scope.js';
import type { Http } from '../http/http.js';
import type { Alarms } from './alarms.js';
import type { Alarm, KeyLogApi, LogStatus } from './log-types.js';
import { type KnownStatements, OwnWatch } from './own-watch.js';
import type { PinnedLog } from './pinned-log.js';

/** The key log as the app sees it. */
export class KeyLog implements KeyLogApi {
  constructor(
    private readonly http: Http,
    private readonly log: PinnedLog,
    private readonly alarms: Alarms,
    private readonly account: Account,
    private readonly knownStatements: () => Promise<KnownStatements>,
    private readonly onForeign: () => Promise<void>,
  ) {}

  async status(): Promise<LogStatus> {
    const [{ key, head }, alarms, watch] = await Promise.all([
      this.log.read(),
      this.alarms.list(),
      this.account.idIfKnown(),
    ]);
    const watchedSize = watch === undefined ? 0 : await (await this.watch()).size();
    return { key: key ?? null, head: head ?? null, watchedSize, alarms };
  }

  async check(): Promise<LogStatus> {
    await this.log.look();
    return this.status();
  }

  async watchOwn(): Promise<readonly LogEntry[]> {
    const watch = await this.watch();
    const foreign = await watch.run(await this.account.id(), this.knownStatements);
    if (foreign.length > 0) await this.onForeign();
    return foreign;
  }

  dismiss(alarmId: string): Promise<Alarm | null> {
    return this.alarms.dismiss(alarmId);
  }

  async startOver(): Promise<void> {
    for (const { id } of await this.alarms.list()) await this.alarms.dismiss(id);
    await this.log.forget();
    await (await this.watch()).forget();
    await this.log.look();
  }

  private async watch(): Promise<OwnWatch> {
    return new OwnWatch(this.http, await this.account.storage(), this.log, this.alarms);
  }
}
