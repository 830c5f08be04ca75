import { applyDecorators, createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { Principal } from './principal.js';

/** Routes are closed unless marked; the guards read this. */
export type Access = 'public' | 'pending';
export const ACCESS = Symbol('ACCESS');
export const ADMIN_ONLY = Symbol('ADMIN_ONLY');

/** Opens a route to everybody. */
export const Public = (): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(ACCESS, 'public' satisfies Access), ApiExtension('x-access', 'public'));

/** Opens a route to sessions whose second step is still open. */
export const PendingSecondFactor = (): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(ACCESS, 'pending' satisfies Access), ApiExtension('x-access', 'pending'));

/** Closes a route to all but admins, by the role that the database holds now, not the one at sign-in. */
export const AdminOnly = (): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(ADMIN_ONLY, true), ApiExtension('x-access', 'admin'));

/** A request that passed the session guard. */
export type AuthenticatedRequest = FastifyRequest & { user?: Principal };

/** The {@link Principal} of a guarded route. */
export const CurrentUser = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { user } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  if (user === undefined) throw new TypeError('@CurrentUser() on a public route');
  return user;
});
