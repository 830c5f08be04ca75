import type { LogEntry } from '@sealgate/protocol';
import { Transform, type TransformFnParams } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';

/** Only digits: `Number()` would also take `''`, `0x10` and `1e3`. */
const fromDigits = ({ value }: TransformFnParams): unknown =>
  typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;

const MAX = Number.MAX_SAFE_INTEGER;

/** `?index=&size=` */
export class InclusionQuery {
  /** The leaf's place, from 0 on. */
  @Transform(fromDigits)
  @IsInt()
  @Min(0)
  @Max(MAX)
  index!: number;

  /** The tree's number of leaves. */
  @Transform(fromDigits)
  @IsInt()
  @Min(0)
  @Max(MAX)
  size!: number;
}

/** `?from=&to=` */
export class ConsistencyQuery {
  /** The older tree's number of leaves, at least 1. */
  @Transform(fromDigits)
  @IsInt()
  @Min(0)
  @Max(MAX)
  from!: number;

  /** The newer tree's number of leaves. */
  @Transform(fromDigits)
  @IsInt()
  @Min(0)
  @Max(MAX)
  to!: number;
}

/** `?start=&end=` */
export class EntriesQuery {
  @Transform(fromDigits)
  @IsInt()
  @Min(0)
  @Max(MAX)
  start!: number;

  /** Exclusive; at most 1 000 after `start`. */
  @Transform(fromDigits)
  @IsInt()
  @Min(0)
  @Max(MAX)
  end!: number;
}

/** Why a leaf is in a tree. */
export class InclusionProofView {
  index!: number;
  size!: number;
  /** Base64, the leaf's neighbour first. */
  hashes!: string[];
}

/** Why a tree is the beginning of another. */
export class ConsistencyProofView {
  from!: number;
  to!: number;
  /** Base64, in the order of RFC 6962 §2.1.2. */
  hashes!: string[];
}

/** One leaf's content; its RFC 8785 form is what is hashed. */
export class LogEntryView implements LogEntry {
  v!: 1;
  user!: string;
  version!: number;
  /** Base64url SHA-256 of the statement's payload bytes. */
  statement!: string;
}

export class LogEntriesView {
  entries!: LogEntryView[];
}
