import { applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiExtension } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';

/**
 * For routes that live on what a sealed request has not: cookies, redirects of a browser, an answer without an end.
 * Read before anything else of the route runs, so that no filter of its own gets hold of the refusal.
 */
export const NotSealable = (): MethodDecorator =>
  applyDecorators(RouteConfig({ sealable: false }), ApiExtension('x-sealable', false));

export function isSealable({ routeOptions }: FastifyRequest): boolean {
  return (routeOptions.config as { sealable?: boolean }).sealable !== false;
}
