// Bare Fastify, and pg with a named statement: the same rows, made into JSON by Node.
import fastify from 'fastify';
import pg from 'pg';

const { database, readerId } = JSON.parse(process.env.OPTIONS);
const pool = new pg.Pool({ connectionString: database, max: 16 });
const PAGE = {
  name: 'page',
  text: `SELECT id, chat_id, seq, sender_id, sent_at, deleted_at, sealed, recipients -> $2 AS recipient, recipient_count
         FROM messages WHERE chat_id = $1 AND seq < $3 ORDER BY seq DESC LIMIT 50`,
};
const app = fastify();
app.get('/api/messages/history/:chatId', async ({ params }) => {
  const { rows } = await pool.query({ ...PAGE, values: [params.chatId, readerId, 2 ** 52] });
  return { items: rows.map(messageOf), nextCursor: rows.at(-1).seq };
});
await app.listen({ port: 0, host: '127.0.0.1' });
process.send({ port: app.server.address().port });

function messageOf(row) {
  const { kid, key } = row.recipient;
  return {
    id: row.id,
    chatId: row.chat_id,
    seq: Number(row.seq),
    senderId: row.sender_id,
    sentAt: row.sent_at,
    deletedAt: row.deleted_at,
    envelope: { ...JSON.parse(`{${row.sealed}}`), recipients: [{ header: { kid }, encrypted_key: key }] },
    recipientCount: row.recipient_count,
  };
}
