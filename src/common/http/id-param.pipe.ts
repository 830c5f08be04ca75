import { Injectable, type PipeTransform } from '@nestjs/common';
import { isUuid } from '../ids.js';
import { NotFound } from '../problem/common.errors.js';

/** An id in a path that is no UUID names nothing: 404, like any other id that is not there. */
@Injectable()
export class IdParam implements PipeTransform<unknown, string> {
  transform(value: unknown): string {
    if (!isUuid(value)) throw new NotFound();
    return value.toLowerCase();
  }
}
