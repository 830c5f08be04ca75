/** What the fields tell of a policy and of what is left of it. */
export interface SpentQuota {
  readonly name: string;
  readonly quota: number;
  readonly windowSeconds: number;
  readonly remaining: number;
  readonly resetSeconds: number;
}

/**
 * The response headers of a refusal: structured fields (RFC 9651), and `retry-after` for those who know no other.
 * @see draft-ietf-httpapi-ratelimit-headers §3, §4
 */
export function rateLimitFields(spent: SpentQuota): Readonly<Record<string, string>> {
  const { name, quota, windowSeconds, remaining } = spent;
  const reset = Math.max(1, Math.ceil(spent.resetSeconds));
  return {
    'retry-after': String(reset),
    'ratelimit-policy': `"${name}";q=${quota};w=${windowSeconds}`,
    ratelimit: `"${name}";r=${Math.max(0, remaining)};t=${reset}`,
  };
}
