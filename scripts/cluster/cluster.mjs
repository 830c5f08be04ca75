import { setTimeout as delay } from 'node:timers/promises';
import { Balancer } from './balancer.mjs';
import { Replica } from './replica.mjs';

const RESTART_MS = 200;
const LONGEST_RESTART_MS = 5_000;

/** Replicas on one database behind one balancer. A replica that dies is replaced; a restart replaces them in turn. */
export class Cluster {
  #isStopping = false;
  #rolling = Promise.resolve();
  #starting = 0;

  constructor({ size, log }) {
    this.size = size;
    this.environment = {};
    this.log = log;
    this.balancer = new Balancer();
    this.replicas = [];
  }

  /**
   * @param replicas how many.
   * @param environment of each, without PORT, PUBLIC_URL and TRUSTED_PROXIES: these follow from the balancer.
   * @param port of the balancer; 0 takes a free one.
   */
  static async start({ replicas, environment, port = 0, log = () => undefined }) {
    const cluster = new Cluster({ size: replicas, log });
    await cluster.balancer.listen(port);
    cluster.environment = { PUBLIC_URL: cluster.url, TRUSTED_PROXIES: '1', ...environment };
    try {
      await Promise.all(Array.from({ length: replicas }, () => cluster.#add()));
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  get url() {
    return this.balancer.url;
  }

  /** One after the other: a new one is ready before an old one drains, so that no request finds too few. */
  async rollingRestart() {
    const turn = this.#rolling.then(() => this.#replaceAll());
    // The next turn comes whether or not this one failed; its caller hears of that.
    this.#rolling = turn.catch(() => undefined);
    return turn;
  }

  async #replaceAll() {
    for (const old of this.replicas.slice()) {
      if (this.#isStopping) return;
      if (!this.replicas.includes(old)) continue;
      await this.#add();
      await this.#retire(old);
      this.log(`replica on port ${old.port} was replaced`);
    }
  }

  async stop() {
    this.#isStopping = true;
    await this.#rolling;
    await Promise.all(this.replicas.map((replica) => replica.stop()));
    await this.balancer.close();
  }

  async #add() {
    this.#starting += 1;
    const replica = await Replica.start(this.environment).finally(() => (this.#starting -= 1));
    this.replicas.push(replica);
    replica.child.once('exit', () => void this.#replace(replica));
    await this.balancer.add(replica.port);
    this.log(`replica on port ${replica.port} is ready`);
  }

  async #retire(replica) {
    this.replicas = this.replicas.filter((one) => one !== replica);
    await this.balancer.drain(replica.port);
    await replica.stop();
    this.balancer.remove(replica.port);
  }

  /** After a death that nobody asked for. */
  async #replace(dead) {
    if (!this.replicas.includes(dead)) return;
    this.replicas = this.replicas.filter((one) => one !== dead);
    this.balancer.remove(dead.port);
    if (this.#isStopping) return;
    this.log(`replica on port ${dead.port} died (${dead.child.signalCode ?? dead.child.exitCode})`);
    for (let wait = RESTART_MS; ; wait = Math.min(2 * wait, LONGEST_RESTART_MS)) {
      await delay(wait);
      // A restart in turn may have brought the one that is missing.
      if (this.#isStopping || this.replicas.length + this.#starting >= this.size) return;
      try {
        return await this.#add();
      } catch (error) {
        this.log(error.message);
      }
    }
  }
}
