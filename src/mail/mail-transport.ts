import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Transporter } from 'nodemailer';
import type { RenderedMail } from './core/render-mail.js';

/** A mail with its envelope. */
export interface OutgoingMessage extends RenderedMail {
  /** The same at each attempt, so that a receiver can tell a repetition. */
  readonly id: string;
  readonly kind: string;
  readonly from: string;
  readonly to: string;
  readonly at: Date;
}

/** Where mail goes. */
export interface MailTransport {
  /** @returns what may be told of it in the log: no address, no content. */
  send(message: OutgoingMessage): Promise<Record<string, unknown>>;
}

const CONNECT_MS = 10_000;
const SILENCE_MS = 15_000;

/** @param url `smtp:` or `smtps:`; its query may hold more of nodemailer's options, e.g. `?requireTLS=true`. */
export function smtpTransport(url: string): MailTransport {
  const smtp = transporter({
    url,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    dnsTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
  });
  return {
    async send(message) {
      await (await smtp()).sendMail(toNodemailer(message));
      return {};
    },
  };
}

/** Writes what would be sent, for its owner only: the links in it open accounts. */
export function fileTransport(folder: string): MailTransport {
  const composer = transporter({ streamTransport: true, buffer: true, newline: 'unix' });
  return {
    async send(message) {
      const { message: bytes } = await (await composer()).sendMail(toNodemailer(message));
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const time = message.at.toISOString().replaceAll(/[:.]/g, '-');
      const file = join(folder, `${time}-${message.kind}-${message.id}.eml`);
      // Renamed, so that nobody reads half a mail.
      await writeFile(`${file}.tmp`, bytes as Buffer, { mode: 0o600 });
      await rename(`${file}.tmp`, file);
      return { file };
    },
  };
}

/** Made, and nodemailer loaded, with the first mail: most starts send none. */
function transporter(options: object): () => Promise<Transporter> {
  let made: Promise<Transporter> | null = null;
  return () => (made ??= import('nodemailer').then(({ createTransport }) => createTransport(options)));
}

/** The recipient as an object: nothing in an address is parsed for further recipients or headers. */
function toNodemailer({ id, from, to, at, subject, text, html }: OutgoingMessage): Record<string, unknown> {
  return {
    from,
    to: { name: '', address: to },
    subject,
    text,
    html,
    date: at,
    messageId: `<${id}@sealgate>`,
    headers: { 'auto-submitted': 'auto-generated', 'x-auto-response-suppress': 'All' },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** True where the receiving server has refused this mail for good, e.g. because there is no such mailbox. */
export function isRefusedForGood(error: unknown): boolean {
  const { code, responseCode, command } = (error ?? {}) as Record<string, unknown>;
  // A refused sender is a mistake of the operator's, who may mend it in time.
  const isAboutThisMail = code === 'EMESSAGE' || (code === 'EENVELOPE' && command === 'RCPT TO');
  return isAboutThisMail && typeof responseCode === 'number' && responseCode >= 500;
}

/** What a log may hold of a failed delivery: servers repeat the recipient in their messages. */
export function describeFailure(error: unknown): Record<string, unknown> {
  const { name, code, responseCode, command } = (error ?? {}) as Record<string, unknown>;
  return { error: name, code, responseCode, command };
}
