import type { SecurityEventEntity } from '../../security-log/security-event.entity.js';
import { deviceName } from '../sessions/device-name.js';
import type { SecurityEventView } from './security-event.dto.js';

/** Only what is listed here leaves. */
export function toSecurityEventView(row: SecurityEventEntity): SecurityEventView {
  return {
    id: row.id,
    type: row.type,
    createdAt: row.createdAt.toISOString(),
    sessionId: row.sessionId,
    ip: row.ip,
    device: row.userAgent === null ? null : deviceName(row.userAgent),
    details: row.details,
  };
}
