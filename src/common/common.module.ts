import { Global, Module, type DynamicModule } from '@nestjs/common';
import { LOGGER, type Logger } from './logging.js';
import { Metrics } from './metrics.js';
import { Clock, SystemClock } from './time/clock.js';

/** The process's clock and logger, for everybody. */
@Global()
@Module({})
export class CommonModule {
  static forRoot(logger: Logger): DynamicModule {
    return {
      module: CommonModule,
      providers: [{ provide: LOGGER, useValue: logger }, { provide: Clock, useClass: SystemClock }, Metrics],
      exports: [LOGGER, Clock, Metrics],
    };
  }
}
