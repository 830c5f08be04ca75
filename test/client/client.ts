import { MemoryStorage, Sealgate, type SealgateOptions } from '@sealgate/client';
import { newUsername, PASSWORD } from '../support/people.js';

/** Somebody with the client library. */
export interface ClientPerson {
  readonly client: Sealgate;
  readonly storage: MemoryStorage;
  readonly id: string;
  readonly username: string;
  readonly email: string;
  readonly password: string;
}

/** A client with a storage of its own: a device on which nobody has signed in yet. */
export function newDevice(
  baseUrl: string,
  options: Partial<SealgateOptions> = {},
): { client: Sealgate; storage: MemoryStorage } {
  const storage = new MemoryStorage();
  return { client: new Sealgate({ baseUrl, storage, ...options }), storage };
}

/** Registers through the client and skips the second step. */
export async function signUp(
  baseUrl: string,
  options: Partial<SealgateOptions> & { readonly name?: string } = {},
): Promise<ClientPerson> {
  const { name, ...rest } = options;
  const { client, storage } = newDevice(baseUrl, rest);
  const username = newUsername(name);
  const email = `${username}@example.org`;
  const { user } = await client.auth.register({ username, email, password: PASSWORD });
  await client.twoFactor.skip();
  return { client, storage, id: user.id, username, email, password: PASSWORD };
}

/** Signs in on another device. */
export async function signInAgain(
  baseUrl: string,
  { email, password }: Pick<ClientPerson, 'email' | 'password'>,
  options: Partial<SealgateOptions> = {},
): Promise<{ client: Sealgate; storage: MemoryStorage }> {
  const device = newDevice(baseUrl, options);
  await device.client.auth.login({ email, password });
  return device;
}
