import { get } from 'node:http';

const INTERVAL_MS = 200;
const ANSWER_MS = 1_000;
/** One check may be lost to a busy moment; a refused connection is no such moment. */
const MISSES = 2;

/** Asks every target for /readyz, five times a second, and notes in it whether it may be sent requests. */
export class HealthCheck {
  #timer;
  #misses = new WeakMap();

  /** @param targets what there is to check, now. */
  constructor(targets) {
    this.targets = targets;
  }

  start() {
    this.#timer = setInterval(() => {
      for (const target of this.targets()) if (!target.isChecking) void this.check(target);
    }, INTERVAL_MS);
  }

  stop() {
    clearInterval(this.#timer);
  }

  async check(target) {
    target.isChecking = true;
    const answer = await ask(target.port);
    target.isChecking = false;
    const misses = answer === 'ready' ? 0 : (this.#misses.get(target) ?? 0) + 1;
    this.#misses.set(target, misses);
    if (answer === 'ready') target.isReady = true;
    else if (answer === 'refused' || misses >= MISSES) target.isReady = false;
  }
}

/** @returns 'ready', 'refused' (nobody listens) or 'unready'. On a connection of its own, as the first one would be. */
function ask(port) {
  return new Promise((resolve) => {
    const request = get(
      { host: '127.0.0.1', port, path: '/readyz', agent: false, timeout: ANSWER_MS },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode === 200 ? 'ready' : 'unready');
      },
    );
    request.on('timeout', () => request.destroy());
    request.on('error', ({ code }) => resolve(code === 'ECONNREFUSED' ? 'refused' : 'unready'));
  });
}
