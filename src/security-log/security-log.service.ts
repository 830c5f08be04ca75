import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { ClientInfo } from '../common/http/client-info.js';
import { decodeCursor, toPage, type Page, type PageQuery } from '../common/http/paging.js';
import { newId } from '../common/ids.js';
import { Metrics } from '../common/metrics.js';
import { Clock } from '../common/time/clock.js';
import { SecurityEventEntity, type SecurityEventType } from './security-event.entity.js';

export interface SecurityEvent {
  type: SecurityEventType;
  userId: string | null;
  sessionId?: string | null;
  client?: ClientInfo | null;
  details?: Record<string, unknown>;
}

/** Which lines; what is left out does not count. */
export interface EventFilter {
  userId?: string | undefined;
  type?: string | undefined;
}

/** Append-only record of what happened to an account. */
@Injectable()
export class SecurityLog {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {}

  /** Written with the transaction of what it tells of, so that neither stands without the other. */
  async record(tx: EntityManager, event: SecurityEvent): Promise<void> {
    this.metrics.securityEvents.inc({ type: event.type });
    await tx.getRepository(SecurityEventEntity).insert({
      id: newId(),
      userId: event.userId,
      sessionId: event.sessionId ?? null,
      type: event.type,
      ip: event.client?.ip ?? null,
      userAgent: event.client?.userAgent ?? null,
      details: (event.details ?? {}) as object,
      createdAt: this.clock.now(),
    });
  }

  /** For what has no transaction of its own, such as a refused sign-in. */
  async recordAlone(event: SecurityEvent): Promise<void> {
    await this.record(this.dataSource.manager, event);
  }

  /** Leaves what happened to a deleted account, and takes from where and with what. */
  async forgetPerson(tx: EntityManager, userId: string): Promise<void> {
    await tx.getRepository(SecurityEventEntity).update({ userId }, { ip: null, userAgent: null });
  }

  /** Newest first. */
  async list<Item>(
    { userId, type }: EventFilter,
    query: PageQuery,
    toItem: (row: SecurityEventEntity) => Item,
  ): Promise<Page<Item>> {
    const found = this.dataSource.getRepository(SecurityEventEntity).createQueryBuilder('event');
    if (userId !== undefined) found.andWhere('event.userId = :userId', { userId });
    if (type !== undefined) found.andWhere('event.type = :type', { type });
    if (query.cursor !== undefined)
      found.andWhere('event.id < :after', { after: decodeCursor(query.cursor, ['string'])[0] });
    const page = await found
      .orderBy('event.id', 'DESC')
      .limit(query.limit + 1)
      .getMany();
    return toPage(page, query.limit, (row) => [row.id], toItem);
  }
}
