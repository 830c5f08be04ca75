import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { LOGGER, type Logger } from '../../common/logging.js';
import { Metrics } from '../../common/metrics.js';
import { Clock } from '../../common/time/clock.js';
import { CONFIG, type Config } from '../../config/config.js';
import { rows } from '../../database/rows.js';
import { cookieNames } from '../cookie-names.js';
import { CircuitBreaker } from './circuit-breaker.js';
import { FortyTwoStrategy, type FortyTwoSignIn, type FortyTwoStrategyOptions } from './fortytwo.strategy.js';

/** The injection token of the {@link FortyTwoStrategy}, or of null. */
export const FORTYTWO_STRATEGY = Symbol('FORTYTWO_STRATEGY');

type Application = Pick<
  FortyTwoStrategyOptions,
  'clientId' | 'clientSecret' | 'authorizeUrl' | 'tokenUrl' | 'profileUrl'
>;

/** 42 as this server knows it: the real one, the stand-in of development, or none. */
@Injectable()
export class FortyTwoProvider implements OnApplicationShutdown {
  private stop: () => Promise<void> = async () => undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @returns null where no 42 application is configured. */
  async open(): Promise<FortyTwoStrategy | null> {
    const application = await this.application();
    return application === null ? null : this.createStrategy(application);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.stop();
  }

  private get callbackUrl(): string {
    return `${this.config.publicUrl}/auth/42/callback`;
  }

  private async application(): Promise<Application | null> {
    const { fortyTwo } = this.config;
    switch (fortyTwo.kind) {
      case 'off':
        return null;
      case 'real':
        return fortyTwo;
      case 'fake':
        return this.startStandIn();
    }
  }

  /** Not part of a production install, where the configuration does not ask for it either. */
  private async startStandIn(): Promise<Application> {
    const { startFake42 } = await import('@sealgate/fake-42');
    const application = { clientId: 'sealgate-development', clientSecret: 'not-a-secret' };
    const standIn = await startFake42({ ...application, redirectUris: [this.callbackUrl] });
    this.stop = () => standIn.close();
    this.logger.warn(
      { url: standIn.url },
      'no 42 credentials: the sign-in button leads to a stand-in for 42',
    );
    const { authorizeUrl, tokenUrl, profileUrl } = standIn;
    return { ...application, authorizeUrl, tokenUrl, profileUrl };
  }

  /** One insert: of a callback that is played twice, one wins, on whichever replica. */
  private async burn(jti: string, expiresAt: Date): Promise<boolean> {
    const burnt = await rows(
      this.dataSource,
      'INSERT INTO used_sign_in_states (jti, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1',
      [jti, expiresAt],
    );
    return burnt.length === 1;
  }

  private createBreaker(): CircuitBreaker {
    const breaker = new CircuitBreaker({
      now: () => this.clock.now().getTime(),
      onChange: (isOpen) =>
        isOpen
          ? this.logger.error('42 keeps failing: it is not asked for a while')
          : this.logger.info('42 answers again'),
    });
    this.metrics.gauge(
      'sealgate_fortytwo_circuit_open',
      '1 while 42 is not asked because it kept failing.',
      () => Number(breaker.isTripped),
    );
    return breaker;
  }

  private createStrategy(application: Application): FortyTwoStrategy {
    const { secureCookies, secrets } = this.config;
    const options = {
      ...application,
      callbackUrl: this.callbackUrl,
      stateKey: Buffer.from(secrets.jwtRefreshSecret),
      cookieName: cookieNames(secureCookies).oauth,
      secureCookie: secureCookies,
      burn: (jti: string, expiresAt: Date) => this.burn(jti, expiresAt),
      now: () => this.clock.now().getTime(),
      breaker: this.createBreaker(),
    };
    return new FortyTwoStrategy(options, (signIn: FortyTwoSignIn, done) => done(null, signIn));
  }
}
