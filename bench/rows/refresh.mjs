import { signUp } from '../lib/people.mjs';
import { startListener } from '../lib/processes.mjs';
import { interleave } from '../lib/rounds.mjs';
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
  const floor = await startListener('floors/update-returning.mjs', { database });
  const refresh = { path: '/auth/refresh', tokens };
  const found = await interleave({
    floor: () => floor.ask({ inFlight: CONNECTIONS, seconds: SECONDS }),
    sealgate: async () => {
      const { tokens: newest, ...rates } = await throughput(load, server, {
        connections: CONNECTIONS,
        seconds: SECONDS,
        refresh,
      });
      refresh.tokens = newest;
      return rates;
    },
  });
  for (const listener of [server, floor]) await listener.stop();
  const { sealgate } = found;
  return [
    throughputRow('refresh, to one `UPDATE … RETURNING` by pg', sealgate, found.floor, 0.5, 'rotations'),
  ];
}
