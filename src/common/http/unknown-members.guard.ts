import { Injectable, SetMetadata, type CanActivate, type ExecutionContext, type Type } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { FastifyRequest } from 'fastify';
import { ValidationFailed } from '../problem/common.errors.js';

const PARTS = ['body', 'query'] as const;
type Part = (typeof PARTS)[number];

const TAKES = Symbol('TAKES');
const PARAMTYPES: Record<Part, RouteParamtypes> = {
  body: RouteParamtypes.BODY,
  query: RouteParamtypes.QUERY,
};

/** For a route that reads a part of the request itself and judges what stands there. */
export const Takes = (...parts: Part[]): MethodDecorator => SetMetadata(TAKES, parts);

/**
 * Refuses members of a body or a query that the route does not read at all. Of what it does read through a DTO, the
 * validation pipe refuses the unknown ones; a route without one would let everything pass, unnoticed. Here it cannot:
 * what a handler reads is asked of its parameters. The last of the global guards, so that 401 comes first. No
 * interceptor: the first of those puts each request through a chain of observables, a fifth of what a small one costs.
 * @see api.md §1 (unknown members)
 */
@Injectable()
export class UnknownMembersGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const names = PARTS.flatMap((part) => {
      const sent = Object.keys(request[part] ?? {});
      return sent.length === 0 || reads(context.getClass(), context.getHandler(), part) ? [] : sent;
    });
    if (names.length === 0) return true;
    throw new ValidationFailed(
      names.map((name) => ({ pointer: pointerTo(name), detail: `property ${name} should not exist` })),
    );
  }
}

/** `@Body()` and `@Query()` as a whole, with a class: of a single member, or of anything, nobody would check the rest. */
function reads(controller: Type, handler: CallableFunction, part: Part): boolean {
  const own = Reflect.getMetadata(TAKES, handler) as Part[] | undefined;
  if (own?.includes(part) === true) return true;
  const types = (Reflect.getMetadata('design:paramtypes', controller.prototype as object, handler.name) ??
    []) as unknown[];
  const bound = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, handler.name) ?? {}) as Record<
    string,
    { index: number; data?: unknown }
  >;
  return Object.entries(bound).some(
    ([key, { index, data }]) =>
      key.startsWith(`${PARAMTYPES[part]}:`) && data === undefined && isDto(types[index]),
  );
}

function isDto(type: unknown): boolean {
  return typeof type === 'function' && type !== Object && type !== String && type !== Array;
}

/** @see RFC 6901 §3 */
function pointerTo(name: string): string {
  return `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
