import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CONFIG, type Config } from '../../src/config/config.js';
import { MailWorker } from '../../src/mail/mail-worker.service.js';
import type { TestApp } from '../support/test-app.js';

/** A mail as its receiver sees it. */
export interface ReceivedMail {
  /** Names in lower case. */
  headers: Map<string, string>;
  subject: string;
  text: string;
  html: string;
  raw: string;
}

type Server = Pick<TestApp, 'app'>;

/** Sends what is due. */
export function drain(server: Server): Promise<void> {
  return server.app.get(MailWorker).drain();
}

export function mailFolder(server: Server): string {
  return join(server.app.get<Config>(CONFIG).dataDir, 'mail');
}

/** The mail that was written to files for somebody, the oldest first. */
export async function mailTo(server: Server, email: string): Promise<ReceivedMail[]> {
  await drain(server);
  const folder = mailFolder(server);
  const names = await readdir(folder).catch(() => []);
  const files = await Promise.all(
    names.map(async (name) => ({ name, time: (await stat(join(folder, name))).mtimeMs })),
  );
  files.sort((a, b) => a.time - b.time);
  const mails = await Promise.all(
    files.map(async ({ name }) => parseMail(await readFile(join(folder, name), 'utf8'))),
  );
  return mails.filter(({ headers }) => headers.get('to') === email);
}

/** The newest of those with this subject. */
export async function newestMail(server: Server, email: string, subject: RegExp): Promise<ReceivedMail> {
  const found = (await mailTo(server, email)).filter((mail) => subject.test(mail.subject)).at(-1);
  if (found === undefined) throw new Error(`no mail ${subject} to ${email}`);
  return found;
}

/** The token in the mail's link. */
export function tokenIn(mail: Pick<ReceivedMail, 'text'>): string {
  const [, token] = /#token=([\w-]+)$/m.exec(mail.text) ?? [];
  if (token === undefined) throw new Error('no token in the mail');
  return token;
}

/** Multipart/alternative of two parts, as RFC 2046 §5.1.4 has it; nothing else is written here. */
export function parseMail(raw: string): ReceivedMail {
  const source = raw.replaceAll('\r\n', '\n');
  const { headers, body } = parseEntity(source);
  const boundary = /boundary="([^"]+)"/.exec(headers.get('content-type') ?? '')?.[1] ?? '';
  const parts = body
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => parseEntity(part.replace(/^\n/, '')));
  const part = (type: string): string => {
    const found = parts.find((entity) => (entity.headers.get('content-type') ?? '').startsWith(type));
    return found === undefined
      ? ''
      : decode(found.body, found.headers.get('content-transfer-encoding') ?? '');
  };
  return {
    headers,
    subject: headers.get('subject') ?? '',
    text: part('text/plain'),
    html: part('text/html'),
    raw: source,
  };
}

function parseEntity(source: string): { headers: Map<string, string>; body: string } {
  const end = source.indexOf('\n\n');
  const lines = source
    .slice(0, end)
    .replaceAll(/\n[ \t]+/g, ' ')
    .split('\n');
  const headers = new Map(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  );
  return { headers, body: source.slice(end + 2) };
}

function decode(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString();
  if (encoding !== 'quoted-printable') return body;
  const bytes = body
    .replaceAll('=\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
