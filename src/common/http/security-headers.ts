const CONTENT_SECURITY_POLICY = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' data: https://cdn.intra.42.fr",
  'font-src': "'self'",
  'connect-src': "'self'",
  'manifest-src': "'self'",
  'form-action': "'self'",
  'base-uri': "'none'",
  'frame-ancestors': "'none'",
  'object-src': "'none'",
  'require-trusted-types-for': "'script'",
  // The app never turns text into markup or script, so nobody may make a policy that would.
  'trusted-types': "'none'",
};

/**
 * What each answer tells browsers, with the defaults of helmet where it is silent. Given to Fastify with an answer's
 * other headers: Nest's own `useSecurityHeaders` sets them one by one on Node's response, and makes Node take its slow
 * way for all the others as well.
 * @param isHttps the server is reached by https: then it shall be, for good.
 */
export function securityHeaders(isHttps: boolean): Readonly<Record<string, string>> {
  const policy = Object.entries(CONTENT_SECURITY_POLICY).map((directive) => directive.join(' '));
  return {
    'content-security-policy': policy.join(';'),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'origin-agent-cluster': '?1',
    'referrer-policy': 'no-referrer',
    ...(isHttps ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' } : {}),
    'x-content-type-options': 'nosniff',
    'x-dns-prefetch-control': 'off',
    'x-download-options': 'noopen',
    'x-frame-options': 'DENY',
    'x-permitted-cross-domain-policies': 'none',
    'x-xss-protection': '0',
  };
}
