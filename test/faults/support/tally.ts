import type { Answer } from '../../support/browser.js';

/** What the people of a load were told, and what they should never have been told. */
export class Tally {
  /** Answers 503, each with `retry-after`. */
  refused = 0;
  /** Answers that broke off in the middle. */
  broken = 0;
  lastTroubleAt = -Infinity;
  /** Sentences about what must not happen. */
  readonly violations: string[] = [];

  /** @returns the answer, or null where the request is to be repeated. */
  async ask(
    what: string,
    request: () => Promise<Answer>,
    expected: readonly number[],
  ): Promise<Answer | null> {
    const answer = await request().catch((error: unknown) => {
      this.trouble();
      this.broken += 1;
      return error instanceof TypeError ? null : Promise.reject(error);
    });
    if (answer === null) return null;
    if (expected.includes(answer.status)) return answer;
    this.trouble();
    if (answer.status === 503 && Number(answer.headers.get('retry-after')) > 0) this.refused += 1;
    else this.violations.push(`${what}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return null;
  }

  private trouble(): void {
    this.lastTroubleAt = performance.now();
  }
}
