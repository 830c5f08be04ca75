// better-auth on bare node:http, its leanest way to be served, with sessions and accounts in PostgreSQL.
import { createServer } from 'node:http';
import bcrypt from 'bcrypt';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import pg from 'pg';

const { database, bcryptCost } = JSON.parse(process.env.OPTIONS);
const options = {
  baseURL: 'http://127.0.0.1',
  secret: 'a secret of thirty-two characters!',
  database: new pg.Pool({ connectionString: database, max: 16 }),
  emailAndPassword: {
    enabled: true,
    ...(bcryptCost
      ? {
          password: {
            hash: (password) => bcrypt.hash(password, bcryptCost),
            verify: ({ hash, password }) => bcrypt.compare(password, hash),
          },
        }
      : {}),
  },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  advanced: { disableCSRFCheck: true },
  logger: { level: 'error' },
};
await (await getMigrations(options)).runMigrations();
const handle = toNodeHandler(betterAuth(options));
const server = createServer((request, response) => void handle(request, response));
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
