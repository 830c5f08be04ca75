import { startBetterAuth } from '../lib/better-auth.mjs';
import { PASSWORD, signUp } from '../lib/people.mjs';
import { startListener } from '../lib/processes.mjs';
import { request } from '../lib/requests.mjs';
import { interleave } from '../lib/rounds.mjs';
import { throughput, throughputRow } from '../lib/throughput.mjs';

const CONNECTIONS = 8;
const SECONDS = 4;
/** Sealgate's default. */
const COST = 12;

/** Signing in with a password: the hash should be all that it costs. */
export async function measure({ stack, load, profile }) {
  const server = await stack.startSealgate(await stack.createDatabase('sign_in'), {}, profile('sign-in'));
  const { email } = await signUp(server.url, 'ada');
  const floor = await startListener('floors/bcrypt.mjs', { cost: COST });
  const scrypt = await startBetterAuth(await stack.createDatabase('sign_in_scrypt'));
  const bcrypt = await startBetterAuth(await stack.createDatabase('sign_in_bcrypt'), { bcryptCost: COST });

  const login = (listener, path) =>
    throughput(load, listener, {
      connections: CONNECTIONS,
      seconds: SECONDS,
      requests: [request('POST', path, {}, JSON.stringify({ email, password: PASSWORD }))],
    });
  const found = await interleave({
    floor: () => floor.ask({ inFlight: CONNECTIONS, seconds: SECONDS }),
    sealgate: () => login(server, '/auth/login'),
    scrypt: () => login(scrypt, '/api/auth/sign-in/email'),
    bcrypt: () => login(bcrypt, '/api/auth/sign-in/email'),
  });
  for (const listener of [server, floor, scrypt, bcrypt]) await listener.stop();
  const { sealgate } = found;
  return [
    throughputRow(`sign-in, to bcrypt alone at cost ${COST}`, sealgate, found.floor, 0.95, 'sign-ins'),
    throughputRow(
      `sign-in, to better-auth at bcrypt's cost ${COST}`,
      sealgate,
      found.bcrypt,
      null,
      'sign-ins',
    ),
    throughputRow(
      'sign-in, to better-auth at its own hash (scrypt)',
      sealgate,
      found.scrypt,
      null,
      'sign-ins',
    ),
  ];
}
