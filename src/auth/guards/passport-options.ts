import type { IAuthModuleOptions } from '@nestjs/passport';

/**
 * Guard options with the strategy itself instead of its name: names live in a registry that all servers of a process
 * share. Passport writes `success`, `fail` and `redirect` onto what it is given and copies only strategies that it
 * looked up by name; so each request gets an object of its own, or it would be answered with another one's user.
 */
export function strategyPerRequest(strategy: object, property = 'user'): IAuthModuleOptions {
  return {
    session: false,
    property,
    get defaultStrategy() {
      return Object.create(strategy) as string;
    },
  };
}
