import { ServerKeyEntity } from './crypto/key-ring/server-key.entity.js';
import { SecurityEventEntity } from './security-log/security-event.entity.js';
import { UserEntity } from './users/user.entity.js';

/** Every table's entity; a test compares them with the migrations. */
export const entities = [ServerKeyEntity, SecurityEventEntity, UserEntity];
