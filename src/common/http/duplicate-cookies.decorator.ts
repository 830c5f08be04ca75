import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';

/**
 * For the one route that a cookie of ours may come to twice: signing out, which ends whatever it is shown. Elsewhere
 * nobody could say which of the two counts.
 */
export const TakesDuplicateCookies = (): MethodDecorator => RouteConfig({ takesDuplicateCookies: true });

export function takesDuplicateCookies({ routeOptions }: FastifyRequest): boolean {
  return (routeOptions.config as { takesDuplicateCookies?: boolean }).takesDuplicateCookies === true;
}
