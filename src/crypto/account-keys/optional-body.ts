import { Injectable, createParamDecorator, type ExecutionContext, type PipeTransform } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { createValidationPipe } from '../../common/http/validation.pipe.js';
import { GenerateKeysDto } from './keys.dto.js';

/**
 * The body, or undefined where there is none. `@Body()` would not do: the global pipe reads "none" as an empty object,
 * and a client that merely forgot `statement` must not have its keys replaced.
 */
export const OptionalBody = createParamDecorator(
  (_: unknown, context: ExecutionContext): unknown =>
    context.switchToHttp().getRequest<FastifyRequest>().body ?? undefined,
);

/** The rules of {@link GenerateKeysDto} for a body that is there. */
@Injectable()
export class StatementBody implements PipeTransform<unknown, Promise<GenerateKeysDto | undefined>> {
  private readonly pipe = createValidationPipe();

  async transform(body: unknown): Promise<GenerateKeysDto | undefined> {
    if (body === undefined) return undefined;
    return (await this.pipe.transform(body, { type: 'body', metatype: GenerateKeysDto })) as GenerateKeysDto;
  }
}
