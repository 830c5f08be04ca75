import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import {
  openSealedRequest,
  ProtocolError,
  type OpenSealedRequestInput,
  type ProtocolReason,
} from '@sealgate/protocol';
import { Clock } from '../../common/time/clock.js';
import { Slots } from '../../common/slots.js';
import { SealedKeys } from './sealed-keys.service.js';
import { SealedRequestIds } from './sealed-request-ids.service.js';

/** Refusals come at multiples of this, counted from when the body was there. Well above what opening takes. */
const REFUSAL_STEP_MS = 50;

/** Opening takes some 4 ms of a core: the last one waits for half a second on two. */
const QUEUE_CAPACITY = 256;
const RETRY_AFTER_SECONDS = 1;

/** What may be asked for inside; nothing else is routed. */
const METHODS = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);

/** A sealed request that may be dispatched. */
export type OpenedRequest = Awaited<ReturnType<typeof openSealedRequest>>;
/** Why one may not: for the metrics and the log, never for the client. */
export type Refusal = ProtocolReason | 'method' | 'replayed';
type Opening = OpenedRequest | { readonly refused: Refusal };

/** Lets sealed requests in, each once. */
@Injectable()
export class SealedOpening {
  private readonly slots = new Slots(availableParallelism(), QUEUE_CAPACITY, RETRY_AFTER_SECONDS);

  constructor(
    private readonly keys: SealedKeys,
    private readonly ids: SealedRequestIds,
    private readonly clock: Clock,
  ) {}

  /**
   * Whatever is refused has cost one decryption and one look into the database, and the answer waits for the next step
   * of the clock: what is left of the differences is far below it.
   *
   * @param target where the request was sent; null where the path inside decides.
   * @throws ServiceUnavailable where too many wait already.
   */
  async open(jwe: string, target: OpenSealedRequestInput['target']): Promise<Opening> {
    const begun = performance.now();
    const opening = await this.admit(jwe, target);
    if ('refused' in opening) await sleep(REFUSAL_STEP_MS - ((performance.now() - begun) % REFUSAL_STEP_MS));
    return opening;
  }

  private async admit(jwe: string, target: OpenSealedRequestInput['target']): Promise<Opening> {
    const opening = await this.slots.run(() => this.read(jwe, target));
    if ('refused' in opening) {
      await this.ids.claimNothing();
      return opening;
    }
    return (await this.ids.claim(opening.jti, opening.iat)) ? opening : { refused: 'replayed' };
  }

  private async read(jwe: string, target: OpenSealedRequestInput['target']): Promise<Opening> {
    const keys = new WatchedKeys(await this.keys.readable());
    const now = this.clock.epochSeconds();
    try {
      const request = await openSealedRequest({ jwe, keys, now, target });
      return METHODS.has(request.method) ? request : { refused: 'method' };
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      if (!keys.wasUsed) await this.openDecoy(keys, now);
      // The reason alone: messages of JSON parsers quote what they read.
      return { refused: error.reason };
    }
  }

  private async openDecoy(keys: OpenSealedRequestInput['keys'], now: number): Promise<void> {
    await openSealedRequest({ jwe: await this.keys.decoy(), keys, now, target: null }).catch(() => undefined);
  }
}

/** Knows whether a decryption was tried: it follows at once where a key is found. */
class WatchedKeys extends Map<string, NonNullable<ReturnType<OpenSealedRequestInput['keys']['get']>>> {
  wasUsed = false;

  override get(kid: string): ReturnType<OpenSealedRequestInput['keys']['get']> {
    const key = super.get(kid);
    this.wasUsed ||= key !== undefined;
    return key;
  }
}
