import { randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';

const PARTITIONS = 16;

/**
 * Fills `messages` by SQL, in the order of time over all chats, so that a chat's rows lie as far apart as in a table
 * that grew. Each partition in one transaction with a TRUNCATE: then nothing of it is written to the log.
 * @param chats as `{ chatId, readerId, writerId }`; all that is asked for later.
 * @param others how many chats more there are, which nobody asks for.
 * @param each how many messages each chat gets.
 * @param bytes of the ciphertext, and of each recipient's key.
 */
export async function fillHistory(database, { chats, others = 0, each, bytes, keyBytes }) {
  const ids = [...chats, ...Array.from({ length: others }, () => ({ chatId: randomUUID() }))];
  const shape = {
    each,
    sealed: `"protected":"${text(300)}","iv":"${text(12)}","ciphertext":"${text(bytes)}","tag":"${text(16)}"`,
    recipient: { kid: text(32), key: text(keyBytes), position: 1 },
  };
  await Promise.all([0, 1].map((half) => fillHalf(database, half, ids, shape)));
  await withClient(database, async (client) => {
    const hot = chats.map(({ chatId }) => chatId);
    await client.query('UPDATE chats SET last_seq = $2 WHERE id = ANY($1::uuid[])', [hot, each]);
    await client.query('ANALYZE messages');
    await client.query('CHECKPOINT');
  });
}

async function fillHalf(database, half, chats, { each, sealed, recipient }) {
  const columns = ['chatId', 'writerId', 'readerId'].map((name) =>
    chats.map((chat) => chat[name] ?? chat.chatId),
  );
  await withClient(database, async (client) => {
    await client.query('CREATE TEMP TABLE picked (chat_id uuid, writer_id uuid, recipients jsonb)');
    for (let i = half; i < PARTITIONS; i += 2) {
      await client.query('TRUNCATE picked');
      await client.query(
        `INSERT INTO picked
         SELECT chat_id, writer_id, jsonb_build_object(reader_id, $4::jsonb, writer_id, $4::jsonb)
         FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS chat (chat_id, writer_id, reader_id)
         WHERE satisfies_hash_partition('messages'::regclass, ${PARTITIONS}, ${i}, chat_id)`,
        [...columns, recipient],
      );
      await client.query('BEGIN');
      await client.query(`TRUNCATE messages_${i}`);
      await client.query(
        `INSERT INTO messages_${i} (chat_id, seq, id, sender_id, sent_at, sealed, recipients, recipient_count)
         SELECT chat_id, seq, gen_random_uuid(), writer_id, now(), $2, recipients, 2
         FROM generate_series(1, $1::bigint) AS time (seq)
         CROSS JOIN LATERAL (SELECT * FROM picked WHERE seq > 0) AS chat`,
        [each, sealed],
      );
      await client.query('COMMIT');
    }
  });
}

async function withClient(database, work) {
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function text(bytes) {
  return randomBytes(bytes).toString('base64url');
}
