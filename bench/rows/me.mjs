import { cookieOf, startBetterAuth } from '../lib/better-auth.mjs';
import { PASSWORD, signUp } from '../lib/people.mjs';
import { startListener } from '../lib/processes.mjs';
import { request } from '../lib/requests.mjs';
import { interleave } from '../lib/rounds.mjs';
import { throughput, throughputRow } from '../lib/throughput.mjs';

const CONNECTIONS = 16;
const SECONDS = 2;
/** Node writes these by itself, for the floor too. */
const OWN = new Set(['date', 'connection', 'keep-alive', 'content-length', 'transfer-encoding']);

/** Who am I: with a settled session's cookie, as a browser asks. */
export async function measure({ stack, load, profile }) {
  const server = await stack.startSealgate(await stack.createDatabase('me'), {}, profile('me'));
  const { accessToken } = await signUp(server.url, 'ada');
  const cookie = `__Host-jwt=${accessToken}`;
  const answer = await recorded(`${server.url}/auth/me`, cookie);
  const floor = await startListener('floors/replay.mjs', answer);
  const nest = await startListener('floors/nest-guard.mjs', answer);
  const betterAuth = await startBetterAuth(await stack.createDatabase('me_better_auth'));
  const express = await startExpress(await stack.createDatabase('me_express'));

  const ask = (listener, path, sent) =>
    throughput(load, listener, {
      connections: CONNECTIONS,
      seconds: SECONDS,
      requests: [request('GET', path, { cookie: sent })],
    });
  const found = await interleave({
    floor: () => ask(floor, '/auth/me', cookie),
    sealgate: () => ask(server, '/auth/me', cookie),
    nest: () => ask(nest, '/auth/me', cookie),
    betterAuth: () => ask(betterAuth, '/api/auth/get-session', betterAuth.cookie),
    express: () => ask(express, '/me', express.cookie),
  });
  for (const listener of [server, floor, nest, betterAuth, express]) await listener.stop();
  const { sealgate } = found;
  return [
    throughputRow('`GET /auth/me`, to bare Fastify', sealgate, found.floor, 0.5),
    throughputRow(
      'the same bytes from bare Nest with one guard, to bare Fastify',
      found.nest,
      found.floor,
      null,
    ),
    throughputRow('`GET /auth/me`, to better-auth', sealgate, found.betterAuth, 40),
    throughputRow('`GET /auth/me`, to express-session', sealgate, found.express, 20),
  ];
}

/** The server's answer, to be given again. */
async function recorded(url, cookie) {
  const answer = await fetch(url, { headers: { cookie } });
  const headers = Object.fromEntries([...answer.headers].filter(([name]) => !OWN.has(name)));
  return { path: new URL(url).pathname, headers, body: await answer.text() };
}

async function startExpress(database) {
  const account = { email: 'ada@example.org', password: PASSWORD };
  const peer = await startListener('peers/express-session.mjs', { database, ...account });
  const signedIn = await fetch(`${peer.url}/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(account),
  });
  return Object.assign(peer, { cookie: await cookieOf(signedIn) });
}
