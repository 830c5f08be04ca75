import { randomBytes } from 'node:crypto';
import pg from 'pg';

const ARRIVAL_MS = 2_000;

/** Notices do not reach who listens: revocations would not either. */
export class NoticesDoNotArrive extends Error {
  constructor() {
    super(
      'DATABASE_URL leads through a pooler that does not keep the connection which listens for notices: ' +
        'connect directly, or through a pooler in session mode',
    );
  }
}

/**
 * A pooler that gives a connection away between transactions accepts LISTEN and delivers nothing: revocations of other
 * replicas would go unheard, and nobody would know. So where something stands between us and PostgreSQL (the process
 * that serves us is not the one that greeted us), a notice is sent from elsewhere, and has to arrive while `listener`
 * says nothing.
 * @throws NoticesDoNotArrive
 */
export async function proveDelivery(listener: pg.Client, config: pg.ClientConfig): Promise<void> {
  const { rows } = await listener.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  if (rows[0]?.pid === (listener as unknown as { processID: number | null }).processID) return;
  const channel = `sealgate_proof_${randomBytes(8).toString('hex')}`;
  await listener.query(`LISTEN ${channel}`);
  await arrives(listener, channel, () => send(config, channel));
  await listener.query(`UNLISTEN ${channel}`);
}

async function send(config: pg.ClientConfig, channel: string): Promise<void> {
  const sender = new pg.Client(config);
  sender.on('error', () => undefined);
  try {
    await sender.connect();
    await sender.query('SELECT pg_notify($1, $2)', [channel, '']);
  } finally {
    await sender.end().catch(() => undefined);
  }
}

async function arrives(listener: pg.Client, channel: string, notify: () => Promise<void>): Promise<void> {
  let hear = (): void => undefined;
  const arrival = new Promise<void>((resolve) => (hear = resolve));
  const onNotice = (notice: pg.Notification): void => (notice.channel === channel ? hear() : undefined);
  listener.on('notification', onNotice);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new NoticesDoNotArrive()), ARRIVAL_MS);
  });
  try {
    await Promise.all([notify(), Promise.race([arrival, late])]);
  } finally {
    clearTimeout(timer);
    listener.off('notification', onNotice);
  }
}
