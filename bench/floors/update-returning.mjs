// One UPDATE … RETURNING of a session's row by pg, in a pool as large as the server's: no HTTP, no tokens.
import { createHash, randomBytes } from 'node:crypto';
import pg from 'pg';

const { database } = JSON.parse(process.env.OPTIONS);
const pool = new pg.Pool({ connectionString: database, max: 16 });
const { rows: sessions } = await pool.query(
  `SELECT s.id, s.refresh_hash AS hash FROM sessions s JOIN users u ON u.id = s.user_id
   WHERE u.username LIKE 'floor-%' AND s.settled ORDER BY s.id`,
);
const UPDATE = {
  name: 'rotate',
  text: `UPDATE sessions SET refresh_previous_hash = refresh_hash, refresh_hash = $2,
           refresh_generation = refresh_generation + 1, refresh_rotated_at = $4, last_seen_at = $4
         WHERE id = $1 AND refresh_hash = $3 AND revoked_at IS NULL RETURNING *`,
};
process.on('message', ({ inFlight, seconds }) => {
  void rotateFor(inFlight, seconds).then((result) => process.send(result));
});
process.send({ port: 0 });

async function rotateFor(inFlight, seconds) {
  const began = performance.now();
  const cpuBefore = process.cpuUsage();
  const end = began + seconds * 1000;
  let rotated = 0;
  const rotate = async (_, i) => {
    const session = sessions[i];
    while (performance.now() < end) {
      const next = createHash('sha256').update(randomBytes(32)).digest();
      const { rowCount } = await pool.query({
        ...UPDATE,
        values: [session.id, next, session.hash, new Date()],
      });
      if (rowCount !== 1) throw new Error('the row has another hash');
      session.hash = next;
      rotated += 1;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, rotate));
  const { user, system } = process.cpuUsage(cpuBefore);
  const took = (performance.now() - began) / 1000;
  return { perSecond: rotated / took, cpu: (user + system) / rotated };
}
