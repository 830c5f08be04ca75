import { createServer, type AddressInfo, type Socket } from 'node:net';

/** What a client handed over. */
export interface Delivery {
  from: string;
  to: string[];
  data: string;
}

/** How the server behaves; may be changed at any time. */
export type SmtpMood = 'kind' | 'greylisting' | 'no-such-mailbox' | 'silent' | 'dropping';

export interface FakeSmtp {
  url: string;
  deliveries: Delivery[];
  /** What clients did that RFC 5321 does not allow. */
  violations: string[];
  connections: number;
  mood: SmtpMood;
  close(): Promise<void>;
}

/** A mail server on a free port that keeps what it gets and checks the order of the dialogue (RFC 5321 §4.1.4). */
export async function startFakeSmtp(): Promise<FakeSmtp> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    fake.connections += 1;
    if (fake.mood === 'dropping') socket.destroy();
    else if (fake.mood !== 'silent') new Dialogue(socket, fake).begin();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const fake: FakeSmtp = {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    deliveries: [],
    violations: [],
    connections: 0,
    mood: 'kind',
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
  return fake;
}

class Dialogue {
  private state: 'new' | 'greeted' | 'from' | 'to' | 'data' = 'new';
  private buffer = '';
  private mail: Delivery = { from: '', to: [], data: '' };

  constructor(
    private readonly socket: Socket,
    private readonly fake: FakeSmtp,
  ) {}

  begin(): void {
    this.answer('220 fake.example ESMTP');
    this.socket.on('data', (chunk) => {
      this.buffer += chunk.toString('latin1');
      while (this.step());
    });
  }

  /** @returns false where more bytes are needed. */
  private step(): boolean {
    const end = this.state === 'data' ? '\r\n.\r\n' : '\r\n';
    const at = this.buffer.indexOf(end);
    if (at < 0) return false;
    const piece = this.buffer.slice(0, at);
    this.buffer = this.buffer.slice(at + end.length);
    if (this.state === 'data') this.finish(piece);
    else this.command(piece);
    return true;
  }

  private command(line: string): void {
    const verb = line.split(/[ :]/, 1)[0]?.toUpperCase();
    if (verb === 'EHLO' || verb === 'HELO') return this.go('greeted', '250 fake.example');
    if (verb === 'QUIT') return this.answer('221 bye');
    if (verb === 'RSET') return this.go('greeted', '250 ok');
    if (verb === 'MAIL') return this.mailFrom(line);
    if (verb === 'RCPT') return this.rcptTo(line);
    if (verb === 'DATA') {
      this.require(this.state === 'to', line);
      return this.go('data', '354 go on');
    }
    this.require(false, line);
    this.answer('502 not implemented');
  }

  private mailFrom(line: string): void {
    this.require(this.state === 'greeted', line);
    this.mail = { from: /<([^>]*)>/.exec(line)?.[1] ?? '', to: [], data: '' };
    this.go('from', '250 ok');
  }

  private rcptTo(line: string): void {
    this.require(this.state === 'from' || this.state === 'to', line);
    const to = /<([^>]*)>/.exec(line)?.[1] ?? '';
    if (this.fake.mood === 'greylisting') return this.answer(`451 <${to}> try again later`);
    if (this.fake.mood === 'no-such-mailbox') return this.answer(`550 <${to}> no such mailbox`);
    this.mail.to.push(to);
    this.go('to', '250 ok');
  }

  private finish(data: string): void {
    for (const line of data.split('\r\n'))
      this.require(line.length <= 998 && !/[\r\n]/.test(line), 'a line of the mail');
    this.fake.deliveries.push({ ...this.mail, data: data.replaceAll('\r\n..', '\r\n.') });
    this.go('greeted', '250 taken');
  }

  private go(state: typeof this.state, line: string): void {
    this.state = state;
    this.answer(line);
  }

  private require(isAllowed: boolean, what: string): void {
    if (!isAllowed) this.fake.violations.push(`${what} in state ${this.state}`);
  }

  private answer(line: string): void {
    this.socket.write(`${line}\r\n`);
  }
}
