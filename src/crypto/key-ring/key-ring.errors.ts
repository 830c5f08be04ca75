import type { KeyPurpose } from './server-key.entity.js';

/** An operator's wish that the ring refuses; the message says what to do. Never an answer to a request. */
export class KeyRingRefusal extends Error {
  override readonly name: string = 'KeyRingRefusal';
}

/** Those who verify could not know the key that would take over. */
export class NextKeyTooYoung extends KeyRingRefusal {
  override readonly name = 'NextKeyTooYoung';

  constructor(
    purpose: KeyPurpose,
    readonly usableFrom: Date,
  ) {
    super(
      `The next ${purpose} key was published too lately: copies of the key set without it are still in use. ` +
        `It can take over from ${usableFrom.toISOString()}.`,
    );
  }
}
