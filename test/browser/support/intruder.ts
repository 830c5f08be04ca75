import { MemoryStorage, Sealgate } from '@sealgate/client';
import { PASSWORD } from '../../support/people.js';
import type { Member } from './acts.js';

/** Somebody who has stolen the password makes new keys for the account, as its owner could without the old ones. */
export async function resetKeys(url: string, { email }: Member): Promise<void> {
  const intruder = new Sealgate({ baseUrl: url, storage: new MemoryStorage() });
  await intruder.auth.login({ email, password: PASSWORD });
  await intruder.backup.reset();
  await intruder.close();
}
