import { canonicalize, type JsonValue, sha256Base64url } from '@sealgate/protocol';
import type { Emitter } from '../emitter.js';
import { clientError, type SealgateError } from '../errors.js';
import type { SealgateStorage } from '../storage/storage.js';
import type { Alarm, LogCheck } from './log-types.js';

/** What an alarm is raised with. */
export interface Finding {
  readonly check: LogCheck;
  readonly message: string;
  readonly userId?: string;
  readonly blocksSending: boolean;
  readonly evidence: Readonly<Record<string, unknown>>;
}

const PREFIX = 'alarm/';

/** What the server was caught at, kept until somebody dismisses it. */
export class Alarms {
  constructor(
    private readonly storage: SealgateStorage,
    private readonly emitter: Emitter,
  ) {}

  async list(): Promise<readonly Alarm[]> {
    const alarms = (await this.storage.entries(PREFIX)).map(([, alarm]) => alarm as Alarm);
    return alarms.sort((a, b) => (a.at < b.at ? -1 : 1));
  }

  /** Keeps the evidence and tells the listeners; the same evidence again is the same alarm. */
  async raise(finding: Finding): Promise<Alarm> {
    const { check, evidence, userId = null } = finding;
    const content = JSON.parse(JSON.stringify({ check, userId, evidence })) as JsonValue;
    const id = await sha256Base64url(canonicalize(content));
    const before = (await this.storage.get(PREFIX + id)) as Alarm | undefined;
    if (before !== undefined) return before;
    const alarm: Alarm = { id, at: new Date().toISOString(), ...finding };
    await this.storage.write([[PREFIX + id, alarm]]);
    this.emitter.emit('alarm', alarm);
    return alarm;
  }

  /** The error that an operation ends with whose check failed. */
  async fail(finding: Finding, cause?: unknown): Promise<SealgateError> {
    const alarm = await this.raise(finding);
    return clientError('key_log_alarm', finding.message, { members: { alarm }, cause });
  }

  async dismiss(id: string): Promise<Alarm | null> {
    const alarm = (await this.storage.get(PREFIX + id)) as Alarm | undefined;
    if (alarm !== undefined) await this.storage.write([[PREFIX + id, undefined]]);
    return alarm ?? null;
  }

  /** @throws SealgateError `key_log_conflict` while an alarm stands that forbids sealing */
  async requireNoConflict(): Promise<void> {
    const alarms = (await this.list()).filter(({ blocksSending }) => blocksSending);
    if (alarms.length === 0) return;
    throw clientError('key_log_conflict', 'the key log shows two histories', { members: { alarms } });
  }
}
