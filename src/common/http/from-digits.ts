import { Transform } from 'class-transformer';

/** A number in a query, where it is digits only: `Number()` would also take `''`, `0x10`, `+5` and `1e1`. */
export const FromDigits = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value,
  );
