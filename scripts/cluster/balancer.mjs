// A small balancer: round robin over the targets whose /readyz says yes. It is what `npm run cluster` and the fault
// tests put in front of replicas, and behaves as one in production has to: it repeats nothing that may have been done.
import { once } from 'node:events';
import { Agent, createServer, request as send } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { endToEnd, forwardedFor } from './headers.mjs';
import { HealthCheck } from './health-check.mjs';

/** No answer of a replica takes longer: statements end after 15 s. */
const ANSWER_MS = 20_000;

/** One replica behind the balancer; `open` are the requests that wait for their answer, streams not among them. */
class Target {
  isReady = false;
  isDraining = false;
  open = 0;
  agent = new Agent({ keepAlive: true, maxFreeSockets: 64 });

  constructor(port) {
    this.port = port;
  }
}

export class Balancer {
  url = '';
  #targets = [];
  #turn = 0;
  #server = createServer((request, response) => this.#serve(request, response));
  #health = new HealthCheck(() => this.#targets);

  /** @returns once it listens; `url` says where. */
  async listen(port = 0, host = '127.0.0.1') {
    this.#server.listen(port, host);
    await once(this.#server, 'listening');
    this.url = `http://localhost:${this.#server.address().port}`;
    this.#health.start();
    return this;
  }

  /** Takes in a replica that listens on this port of loopback; it is used from its first good check on. */
  async add(port) {
    const target = new Target(port);
    this.#targets.push(target);
    await this.#health.check(target);
  }

  /** Sends it nothing new, and waits for the answers that are due; its event streams go on until it ends them. */
  async drain(port, milliseconds = 30_000) {
    const target = this.#targets.find((one) => one.port === port);
    if (target === undefined) return;
    target.isDraining = true;
    for (const end = Date.now() + milliseconds; target.open > 0 && Date.now() < end;) await delay(10);
  }

  remove(port) {
    const target = this.#targets.find((one) => one.port === port);
    this.#targets = this.#targets.filter((one) => one !== target);
    target?.agent.destroy();
  }

  /** Ports of the replicas that are being sent requests. */
  get ready() {
    return this.#targets.filter(({ isReady, isDraining }) => isReady && !isDraining).map(({ port }) => port);
  }

  async close() {
    this.#health.stop();
    this.#server.close();
    this.#server.closeAllConnections();
    for (const { agent } of this.#targets) agent.destroy();
  }

  #serve(request, response) {
    response.on('error', () => undefined);
    const choices = this.#targets.filter(({ isReady, isDraining }) => isReady && !isDraining);
    const first = this.#turn++ % Math.max(1, choices.length);
    this.#forward(request, response, [...choices.slice(first), ...choices.slice(0, first)]);
  }

  /** To the first of `choices`; the next one takes over where the first refused the connection: it has read no byte. */
  #forward(request, response, [target, ...others]) {
    if (target === undefined) return unavailable(response);
    const upstream = send({
      host: '127.0.0.1',
      port: target.port,
      agent: target.agent,
      method: request.method,
      path: request.url,
      headers: [...endToEnd(request.rawHeaders, { request: true }), ...forwardedFor(request)],
      setHost: false,
      timeout: ANSWER_MS,
    });
    target.open += 1;
    let isConnected = false;
    let isSettled = false;
    const settle = () => {
      if (isSettled) return;
      isSettled = true;
      target.open -= 1;
    };
    const begin = () => {
      isConnected = true;
      request.pipe(upstream);
    };
    upstream.on('socket', (socket) => (socket.connecting ? socket.once('connect', begin) : begin()));
    upstream.on('timeout', () => upstream.destroy(new Error('no answer in time')));
    upstream.on('error', () => {
      settle();
      if (!isConnected) target.isReady = false;
      if (response.headersSent) return response.destroy();
      if (!isConnected && !response.destroyed) return this.#forward(request, response, others);
      request.unpipe(upstream);
      unavailable(response);
    });
    upstream.on('response', (answer) => {
      // A stream of events may be silent for longer, and must not hold up a drain.
      upstream.setTimeout(0);
      if (String(answer.headers['content-type']).startsWith('text/event-stream')) settle();
      answer.on('error', () => response.destroy()).on('close', settle);
      response.writeHead(answer.statusCode, endToEnd(answer.rawHeaders));
      response.flushHeaders();
      answer.pipe(response);
    });
    response.on('close', () => response.writableFinished || upstream.destroy());
  }
}

/** Whether the request was done may be unknown; so clients repeat it under the same id, as after a lost answer. */
function unavailable(response) {
  if (response.destroyed || response.headersSent) return;
  const problem = {
    type: 'urn:sealgate:problem:service_unavailable',
    title: 'Too busy at the moment',
    status: 503,
    code: 'service_unavailable',
  };
  response
    .writeHead(503, {
      'content-type': 'application/problem+json; charset=utf-8',
      'cache-control': 'no-store',
      'retry-after': '1',
    })
    .end(JSON.stringify(problem));
}
