// The least that a rotation over HTTP can be: bare Fastify, the check of the token's HMAC, one UPDATE … RETURNING, and one
// ES256 signature by node:crypto. No validation, limits, log, headers, second look at the account, nor reuse detection.
import {
  createHash,
  createHmac,
  createPrivateKey,
  generateKeyPairSync,
  randomBytes,
  sign,
} from 'node:crypto';
import fastify from 'fastify';
import pg from 'pg';

const { database } = JSON.parse(process.env.OPTIONS);
const SECRET = randomBytes(32);
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const KEY = {
  key: createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' })),
  dsaEncoding: 'ieee-p1363',
};
const HEADER = Buffer.from('{"alg":"ES256","typ":"at+jwt"}').toString('base64url');
const pool = new pg.Pool({ connectionString: database, max: 16 });
const { rows } = await pool.query(
  `SELECT s.id FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.username LIKE 'least-%' AND s.settled ORDER BY s.id`,
);
const app = fastify();

app.post('/auth/refresh', async ({ body }) => {
  const [id, secret, mac] = body.refreshToken.split('.');
  if (macOf(`${id}.${secret}`) !== mac) throw new Error('forged');
  const next = randomBytes(32).toString('base64url');
  const { rowCount } = await pool.query({
    name: 'rotate',
    text: `UPDATE sessions SET refresh_previous_hash = refresh_hash, refresh_hash = $2,
             refresh_generation = refresh_generation + 1, refresh_rotated_at = $4, last_seen_at = $4
           WHERE id = $1 AND refresh_hash = $3 AND revoked_at IS NULL RETURNING *`,
    values: [id, hash(next), hash(secret), new Date()],
  });
  if (rowCount !== 1) throw new Error('the row has another hash');
  return { accessToken: accessToken(id), refreshToken: tokenOf(id, next) };
});
await app.listen({ port: 0, host: '127.0.0.1' });
const tokens = [];
for (const { id } of rows) {
  const secret = randomBytes(32).toString('base64url');
  await pool.query('UPDATE sessions SET refresh_hash = $2 WHERE id = $1', [id, hash(secret)]);
  tokens.push(tokenOf(id, secret));
}
process.send({ port: app.server.address().port });
process.on('message', () => process.send({ tokens }));

function tokenOf(id, secret) {
  return `${id}.${secret}.${macOf(`${id}.${secret}`)}`;
}

function macOf(text) {
  return createHmac('sha256', SECRET).update(text).digest('base64url');
}

function hash(secret) {
  return createHash('sha256').update(secret).digest();
}

function accessToken(sid) {
  const iat = Math.floor(Date.now() / 1000);
  const payload = Buffer.from(JSON.stringify({ sid, iat, exp: iat + 900 })).toString('base64url');
  return `${HEADER}.${payload}.${sign('sha256', Buffer.from(`${HEADER}.${payload}`), KEY).toString('base64url')}`;
}
