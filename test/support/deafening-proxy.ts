import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** The way to the database, on which the line for notices can be cut for as long as a test wants. */
export interface DeafeningProxy {
  url: string;
  /** Cuts the line for notices and lets no new one through; everything else goes on. */
  deafen(): void;
  restore(): void;
  close(): Promise<void>;
}

/** A connection names itself in its first bytes (PostgreSQL protocol, StartupMessage). */
const NAME = 'sealgate-bus';

export async function startDeafeningProxy(databaseUrl: string): Promise<DeafeningProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const lines = new Set<Socket>();
  let isDeaf = false;
  const server = createServer((incoming) => {
    const outgoing = connect(Number(target.port), target.hostname);
    for (const socket of [incoming, outgoing])
      socket
        .on('error', () => undefined)
        .on('close', () => {
          sockets.delete(socket);
          lines.delete(socket);
          incoming.destroy();
          outgoing.destroy();
        });
    sockets.add(incoming).add(outgoing);
    incoming.once('data', (first) => {
      if (first.includes(NAME)) lines.add(incoming);
      if (isDeaf && lines.has(incoming)) return void incoming.destroy();
      outgoing.write(first);
      incoming.pipe(outgoing).pipe(incoming);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const own = new URL(databaseUrl);
  own.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: own.href,
    deafen: () => {
      isDeaf = true;
      for (const socket of lines) socket.destroy();
    },
    restore: () => {
      isDeaf = false;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
