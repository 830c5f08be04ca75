/** The `typ` of the outer JWE. */
export const ENVELOPE_TYP = 'sealgate-msg+jwe';

/** The `typ` of the inner JWS, and the `cty` of the outer JWE. */
export const MESSAGE_TYP = 'sealgate-msg+jws';

/** How many members a chat's message can be sealed to. */
export const MAX_RECIPIENTS = 256;

/** The lengths that a message's payload can have, in bytes: its own length stays hidden within them. */
export const PAYLOAD_BUCKETS = [256, 1024, 4096, 16_384, 65_536] as const;

/** Where a message stands: which one, where, by whom. All three are UUIDs. */
export interface MessageIds {
  readonly id: string;
  readonly chat: string;
  readonly from: string;
}

/** One member's way to the content key. */
export interface EnvelopeRecipient {
  readonly header: { readonly kid: string };
  readonly encrypted_key: string;
}

/** A sealed message as it travels. @see RFC 7516 §7.2.1 */
export interface Envelope {
  readonly protected: string;
  readonly iv: string;
  readonly ciphertext: string;
  readonly tag: string;
  readonly recipients: readonly EnvelopeRecipient[];
}

/** An envelope whose syntax is in order, with what can be told without opening it. */
export interface ParsedEnvelope {
  readonly json: Envelope;
  /** `to` is the hash of the sorted `kid`s: see `recipientsHash`. */
  readonly header: MessageIds & { readonly to: string };
  /** The `kid`s of the recipient entries that are there, in their order. */
  readonly kids: readonly string[];
}

/** What a message says. Other types may come. */
export interface MessageBody {
  readonly type: 'text';
  readonly text: string;
}

/** The signed content of a message. */
export interface MessagePayload extends MessageIds {
  /** The `kid`s of all members' encryption keys, sorted, the sender's too. */
  readonly to: readonly string[];
  /** RFC 3339, by the sender's clock. */
  readonly sent: string;
  /** The newest message of the chat that the sender's device had opened. `hash` is its `envelopeHash`. */
  readonly previous: { readonly seq: number; readonly hash: string } | null;
  /** The newest head of the key log that the sender has seen. `root` is base64url. */
  readonly log: { readonly size: number; readonly root: string } | null;
  readonly body: MessageBody;
}

/** A message that passed every check that needs no history. `hash` is its `envelopeHash`; `signedBy` the sender's key. */
export interface OpenedMessage extends MessagePayload {
  readonly seq: number;
  readonly hash: string;
  readonly signedBy: string;
}
