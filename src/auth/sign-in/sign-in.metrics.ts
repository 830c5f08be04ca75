import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { Metrics } from '../../common/metrics.js';
import { DomainError } from '../../common/problem/domain-error.js';
import type { SignInMethod } from '../sessions/session.entity.js';

/** What became of the use of a refresh token. */
export type RefreshOutcome = 'rotated' | 'repeated' | 'reused' | 'refused';

/** Counts how people come in and stay. */
@Injectable()
export class SignInMetrics {
  private readonly signIns: Counter<'method' | 'outcome'>;
  private readonly refreshes: Counter<'outcome'>;

  constructor({ registry }: Metrics) {
    this.signIns = new Counter({
      name: 'sealgate_sign_ins_total',
      help: 'First factors by method and outcome: succeeded, or the code of the refusal.',
      labelNames: ['method', 'outcome'],
      registers: [registry],
    });
    this.refreshes = new Counter({
      name: 'sealgate_refreshes_total',
      help: 'Uses of refresh tokens: rotated, repeated (the same successor again), reused (theft), refused.',
      labelNames: ['outcome'],
      registers: [registry],
    });
  }

  succeeded(method: SignInMethod): void {
    this.signIns.inc({ method, outcome: 'succeeded' });
  }

  failed(method: SignInMethod, error: unknown): void {
    this.signIns.inc({ method, outcome: error instanceof DomainError ? error.code : 'internal_error' });
  }

  refreshed(outcome: RefreshOutcome): void {
    this.refreshes.inc({ outcome });
  }
}
