import { Inject, Injectable, type CanActivate } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import { ServerSideCryptoDisabled } from '../crypto.errors.js';

/** Closes routes that take private keys where the operator has not opened them, before the body is looked at. */
@Injectable()
export class ServerSideCryptoGuard implements CanActivate {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  canActivate(): boolean {
    if (!this.config.serverSideCrypto) throw new ServerSideCryptoDisabled();
    return true;
  }
}
