import { Transform, type TransformFnParams } from 'class-transformer';

/**
 * Hands on a member of the body exactly as it came: the transformer's copy leaves out members by some names, such as
 * `constructor`, and what is opaque to us must not lose any.
 */
export const AsSent = (): PropertyDecorator =>
  Transform(({ obj, key }: TransformFnParams) => (obj as Record<string, unknown>)[key]);
