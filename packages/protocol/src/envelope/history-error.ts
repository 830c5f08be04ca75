import { type OpenReason, ProtocolError } from '../errors.js';
import type { OpenedMessage } from './envelope.js';

/**
 * The message is authentic, but does not fit the ones before it: the server, not the sender, is at fault. `opened`
 * is the message, to be shown together with the reason.
 */
export class HistoryError extends ProtocolError {
  override readonly name: string = 'HistoryError';
  readonly opened: OpenedMessage;

  constructor(reason: Extract<OpenReason, 'replayed' | 'inconsistent' | 'gap'>, opened: OpenedMessage) {
    super(reason, 'the message does not fit the messages before it');
    this.opened = opened;
  }
}
