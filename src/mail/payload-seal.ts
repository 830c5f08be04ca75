/** Encrypts what waits in the outbox. The key belongs to a module above this one. */
export abstract class PayloadSeal {
  /** @param context the row, so that a payload opens in no other. */
  abstract seal(plaintext: Uint8Array, context: string): Buffer;
  /** @throws where it was sealed under another key or for another row. */
  abstract open(sealed: Uint8Array, context: string): Buffer;
}
