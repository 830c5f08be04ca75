import { signUp } from '../lib/people.mjs';
import { startListener } from '../lib/processes.mjs';
import { interleave, warmingUp } from '../lib/rounds.mjs';
import { throughput, throughputRow } from '../lib/throughput.mjs';

const CONNECTIONS = 8;
const SECONDS = 2;

/** Rotating refresh tokens, each of them of its own session. */
export async function measure({ stack, load, profile }) {
  const database = await stack.createDatabase('refresh');
  const server = await stack.startSealgate(database, { BCRYPT_COST: '10' }, profile('refresh'));
  const people = await Promise.all(
    Array.from({ length: CONNECTIONS }, (_, i) => signUp(server.url, `person-${i}`)),
  );
  const tokens = people.map(({ refreshToken }) => refreshToken);
  // Sessions of their own for the floor, or the tokens would be void.
  await Promise.all(people.map((_, i) => signUp(server.url, `floor-${i}`)));
  await Promise.all(people.map((_, i) => signUp(server.url, `least-${i}`)));
  const floor = await startListener('floors/update-returning.mjs', { database });
  const least = await startListener('floors/least-refresh.mjs', { database });
  const own = { path: '/auth/refresh', tokens };
  const bare = { path: '/auth/refresh', tokens: (await least.ask({})).tokens };
  const rotate = async (listener, refresh, round) => {
    const { tokens: newest, ...rates } = await throughput(load, listener, {
      connections: CONNECTIONS,
      seconds: warmingUp(round, SECONDS),
      refresh,
    });
    refresh.tokens = newest;
    return rates;
  };
  const found = await interleave({
    floor: () => floor.ask({ inFlight: CONNECTIONS, seconds: SECONDS }),
    least: (round) => rotate(least, bare, round),
    sealgate: (round) => rotate(server, own, round),
  });
  for (const listener of [server, floor, least]) await listener.stop();
  const { sealgate } = found;
  return [
    throughputRow('refresh, to one `UPDATE … RETURNING` by pg', sealgate, found.floor, 0.5, 'rotations'),
    throughputRow(
      'one HMAC, one `UPDATE … RETURNING` and one ES256 signature behind bare Fastify, to that `UPDATE` alone',
      found.least,
      found.floor,
      null,
      'rotations',
    ),
  ];
}
