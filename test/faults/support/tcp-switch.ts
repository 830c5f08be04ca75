import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * One address that leads to one of several databases, as a virtual address or a pooler in front of them does:
 * node-postgres takes a single host.
 */
export class TcpSwitch {
  private readonly pairs = new Set<readonly [Socket, Socket]>();
  private isSilent = false;

  private constructor(
    private readonly server: Server,
    private target: number,
  ) {}

  static async start(target: number): Promise<TcpSwitch> {
    const server = createServer((incoming) => self.join(incoming)).listen(0, '127.0.0.1');
    const self = new TcpSwitch(server, target);
    await once(server, 'listening');
    return self;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Leads new connections elsewhere, and ends those that there are. */
  to(target: number): void {
    this.leadTo(target);
    for (const [incoming, outgoing] of this.pairs) {
      incoming.destroy();
      outgoing.destroy();
    }
  }

  /** Leads new connections elsewhere; those that there are get neither an answer nor an end, as behind a cut cable. */
  leadTo(target: number): void {
    this.target = target;
    this.isSilent = false;
  }

  /** Nothing passes any more, and nobody is told. */
  cut(): void {
    this.isSilent = true;
    for (const [incoming, outgoing] of this.pairs) {
      incoming.unpipe(outgoing).resume();
      outgoing.unpipe(incoming).resume();
    }
  }

  async close(): Promise<void> {
    this.server.close();
    this.to(0);
    await once(this.server, 'close');
  }

  private join(incoming: Socket): void {
    incoming.on('error', () => undefined);
    if (this.isSilent) return void incoming.resume();
    const outgoing = connect(this.target, '127.0.0.1').on('error', () => undefined);
    const pair = [incoming, outgoing] as const;
    this.pairs.add(pair);
    for (const socket of pair)
      socket.on('close', () => {
        this.pairs.delete(pair);
        incoming.destroy();
        outgoing.destroy();
      });
    incoming.pipe(outgoing).pipe(incoming);
  }
}
