// Express with express-session, connect-pg-simple and passport-local, as their own pages set them up.
import bcrypt from 'bcrypt';
import connectPgSimple from 'connect-pg-simple';
import express from 'express';
import session from 'express-session';
import passport from 'passport';
import { Strategy } from 'passport-local';
import pg from 'pg';

const { database, email, password } = JSON.parse(process.env.OPTIONS);
const pool = new pg.Pool({ connectionString: database, max: 16 });
await pool.query('CREATE TABLE people (id serial PRIMARY KEY, email text UNIQUE, hash text, name text)');
await pool.query('INSERT INTO people (email, hash, name) VALUES ($1, $2, $3)', [
  email,
  await bcrypt.hash(password, 10),
  'Ada',
]);

passport.use(
  new Strategy({ usernameField: 'email' }, (name, given, done) => {
    find(name, given).then(
      (user) => done(null, user),
      (error) => done(error),
    );
  }),
);
passport.serializeUser((user, done) => done(null, user.id));
passport.deserializeUser((id, done) => {
  pool.query('SELECT id, email, name FROM people WHERE id = $1', [id]).then(
    ({ rows: [user] }) => done(null, user ?? false),
    (error) => done(error),
  );
});

const app = express();
app.use(express.json());
const Store = connectPgSimple(session);
app.use(
  session({
    store: new Store({ pool, createTableIfMissing: true }),
    secret: 'a secret of thirty-two characters!',
    resave: false,
    saveUninitialized: false,
  }),
);
app.use(passport.session());
app.post('/login', passport.authenticate('local'), (request, response) => response.json(request.user.id));
app.get('/me', (request, response) =>
  request.user ? response.json({ user: request.user }) : response.sendStatus(401),
);
const server = app.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));

async function find(email, given) {
  const { rows } = await pool.query('SELECT * FROM people WHERE email = $1', [email]);
  return rows.length === 1 && (await bcrypt.compare(given, rows[0].hash)) ? rows[0] : false;
}
