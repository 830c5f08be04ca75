import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { LOGGER, type Logger } from '../../common/logging.js';
import { Clock } from '../../common/time/clock.js';
import { CONFIG, type Config } from '../../config/config.js';
import { cookieNames } from '../cookie-names.js';
import { FortyTwoError } from './fortytwo.errors.js';
import { FortyTwoStrategy, type FortyTwoSignIn, type FortyTwoStrategyOptions } from './fortytwo.strategy.js';

type Application = Pick<
  FortyTwoStrategyOptions,
  'clientId' | 'clientSecret' | 'authorizeUrl' | 'tokenUrl' | 'profileUrl'
>;

/** 42 as this server knows it: the real one, the stand-in of development, or none. */
@Injectable()
export class FortyTwoProvider implements OnModuleInit, OnApplicationShutdown {
  private strategyOrNull: FortyTwoStrategy | null = null;
  private stop: () => Promise<void> = async () => undefined;

  constructor(
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onModuleInit(): Promise<void> {
    const application = await this.application();
    if (application !== null) this.strategyOrNull = this.createStrategy(application);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.stop();
  }

  /** @throws FortyTwoError `provider_unavailable` where no 42 application is configured. */
  get strategy(): FortyTwoStrategy {
    if (this.strategyOrNull === null)
      throw new FortyTwoError('provider_unavailable', 'FORTYTWO_CLIENT_ID is not set');
    return this.strategyOrNull;
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
    this.logger.warn({ url: standIn.url }, 'no 42 credentials: the sign-in button leads to a stand-in for 42');
    const { authorizeUrl, tokenUrl, profileUrl } = standIn;
    return { ...application, authorizeUrl, tokenUrl, profileUrl };
  }

  private createStrategy(application: Application): FortyTwoStrategy {
    const { secureCookies, secrets } = this.config;
    const options = {
      ...application,
      callbackUrl: this.callbackUrl,
      stateKey: Buffer.from(secrets.jwtRefreshSecret),
      cookieName: cookieNames(secureCookies).oauth,
      secureCookie: secureCookies,
      now: () => this.clock.now().getTime(),
    };
    return new FortyTwoStrategy(options, (signIn: FortyTwoSignIn, done) => done(null, signIn));
  }
}
