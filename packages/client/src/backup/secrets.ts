import {
  type Argon2id,
  type BackupSecret,
  openBackup,
  type OpenedBackup,
  parseRecoveryCode,
  ProtocolError,
} from '@sealgate/protocol';
import { clientError, type SealgateError } from '../errors.js';
import type { KeyProgress } from '../keys/key-types.js';
import type { BackupUnlock } from './backup-types.js';

/** Argon2id in plain JavaScript, in slices that leave the page responsive; loaded only when it is needed. */
function argon2(onProgress: KeyProgress['onProgress']): Argon2id {
  return async ({ passphrase, salt, memoryKiB, iterations, parallelism, hashBytes }) => {
    const { argon2idAsync } = await import('@noble/hashes/argon2.js');
    return argon2idAsync(passphrase, salt, {
      t: iterations,
      m: memoryKiB,
      p: parallelism,
      dkLen: hashBytes,
      onProgress: (fraction) => onProgress?.('deriving', fraction),
    });
  };
}

/** A passphrase as the protocol takes it. */
export function passphraseSecret(
  passphrase: string,
  onProgress: KeyProgress['onProgress'],
): BackupSecret & { readonly type: 'passphrase' } {
  return { type: 'passphrase', passphrase, argon2id: argon2(onProgress) };
}

/** What somebody typed, as the protocol takes it. @throws SealgateError `mistyped_code` */
export function secretOf(unlock: BackupUnlock & KeyProgress): BackupSecret {
  if ('passphrase' in unlock) return passphraseSecret(unlock.passphrase, unlock.onProgress);
  try {
    return { type: 'recovery-code', code: parseRecoveryCode(unlock.recoveryCode) };
  } catch (error) {
    throw toBackupError(error);
  }
}

/** Opens a backup. @throws SealgateError `wrong_secret`, `no_passphrase`, `damaged_backup` */
export async function open(
  backup: unknown,
  user: string,
  secret: BackupSecret,
  extractable: boolean,
): Promise<OpenedBackup> {
  try {
    return await openBackup({ backup, user, secret, extractable });
  } catch (error) {
    throw toBackupError(error);
  }
}

function toBackupError(cause: unknown): unknown {
  if (!(cause instanceof ProtocolError)) return cause;
  return named(cause);
}

function named(cause: ProtocolError): SealgateError {
  const { reason } = cause;
  if (reason === 'mistyped-code')
    return clientError('mistyped_code', 'the recovery code has a typing mistake', { cause });
  if (reason === 'wrong-secret')
    return clientError('wrong_secret', 'the backup does not open with this', { cause });
  if (reason === 'no-such-slot')
    return clientError('no_passphrase', 'the backup does not open in this way', { cause });
  return clientError('damaged_backup', 'the backup is damaged, or of another account', { cause });
}
