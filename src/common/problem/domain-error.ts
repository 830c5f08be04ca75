/** What an error may tell besides its code: all of it is public. */
export interface ProblemExtras {
  /** Safe to show: never a query, a secret, a library's message or another person's data. */
  detail?: string;
  /** Further members of the problem document, e.g. `missing` of `stale_recipients`. */
  members?: Readonly<Record<string, unknown>>;
  /** Response headers, e.g. `retry-after`. */
  headers?: Readonly<Record<string, string>>;
  /** For the log only: why it happened. */
  cause?: unknown;
}

/**
 * An expected refusal of a use case. One filter turns it into RFC 9457 problem details.
 * Services throw nothing else on purpose; a programmer's mistake is a `TypeError`.
 */
export class DomainError extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    readonly title: string,
    readonly extras: ProblemExtras = {},
  ) {
    super(title, extras.cause === undefined ? undefined : { cause: extras.cause });
    this.name = new.target.name;
  }
}
