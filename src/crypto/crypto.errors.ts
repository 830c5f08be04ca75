import { DomainError } from '../common/problem/domain-error.js';

/** The statement does not follow the one that is there: read the account's keys again. */
export class KeyVersionConflict extends DomainError {
  constructor(cause?: unknown) {
    super('key_version_conflict', 409, 'The statement does not follow the newest one', { cause });
  }
}

/** A key may be registered once, by one account, for one use. */
export class KeyAlreadyRegistered extends DomainError {
  constructor(cause?: unknown) {
    super('key_already_registered', 409, 'A key of the statement was registered before', { cause });
  }
}

/** @param reason which rule the statement breaks, as `@sealgate/protocol` names it. */
export class InvalidKeyStatement extends DomainError {
  constructor(reason: string, cause?: unknown) {
    super('invalid_key_statement', 400, 'The key statement is not valid', { members: { reason }, cause });
  }
}

export class ServerSideCryptoDisabled extends DomainError {
  constructor() {
    super('server_side_crypto_disabled', 403, 'This server does not work with private keys', {
      detail: 'The operator can set SERVER_SIDE_CRYPTO=true.',
    });
  }
}

/** The version that was sent is not the newest: read the backup again. */
export class BackupConflict extends DomainError {
  constructor() {
    super('backup_conflict', 409, 'The backup was changed meanwhile');
  }
}

/** @param reason the first check that failed, as `@sealgate/protocol` names it. */
export class InvalidEnvelope extends DomainError {
  constructor(reason: string, cause?: unknown) {
    super('invalid_envelope', 400, 'The envelope is not valid', { members: { reason }, cause });
  }
}

/** A question about leaves that the key log does not have (yet), or about too many at once. */
export class OutOfLogRange extends DomainError {
  constructor(detail: string) {
    super('out_of_range', 400, 'The key log has no such range', { detail });
  }
}
