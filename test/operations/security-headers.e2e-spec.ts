import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/test-app.js';

let plain: TestApp;
let secure: TestApp;
beforeAll(async () => {
  plain = await startTestApp();
  secure = await startTestApp({ PUBLIC_URL: 'https://gate.example.org' });
});
afterAll(async () => {
  await plain.close();
  await secure.close();
});

function directives(headers: Headers): Record<string, string> {
  const policy = headers.get('content-security-policy') ?? '';
  return Object.fromEntries(
    policy.split(';').map((directive) => {
      const [name = '', ...values] = directive.trim().split(' ');
      return [name, values.join(' ')];
    }),
  );
}

describe.each(['/healthz', '/auth/me', '/auth/login', '/api/openapi.json', '/nowhere', '/sign-in'])(
  'an answer from %s',
  (path) => {
    it('allows no foreign or inline script, no frame around it, no guessing of its type', async () => {
      const { headers } = await fetch(plain.baseUrl + path, { redirect: 'manual' });
      expect(directives(headers)).toMatchObject({
        'default-src': "'none'",
        'script-src': "'self'",
        'style-src': "'self'",
        'base-uri': "'none'",
        'object-src': "'none'",
        'frame-ancestors': "'none'",
        'require-trusted-types-for': "'script'",
      });
      expect(headers.get('content-security-policy')).not.toContain('unsafe');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('server')).toBeNull();
    });

    it('asks for https for good where the server has it, and only there', async () => {
      const [without, withHttps] = await Promise.all(
        [plain, secure].map(({ baseUrl }) => fetch(baseUrl + path, { redirect: 'manual' })),
      );
      expect(without?.headers.get('strict-transport-security')).toBeNull();
      expect(withHttps?.headers.get('strict-transport-security')).toMatch(/^max-age=\d{8}/);
    });
  },
);

describe('a URL that cannot be decoded', () => {
  it('is answered with a problem that nothing can be made of', async () => {
    const { status, headers } = await fetch(`${plain.baseUrl}/%`);
    expect(status).toBe(400);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});

describe('the page of the API', () => {
  it('may write markup and style attributes as Swagger UI does, and run no other scripts than ours', async () => {
    const { headers } = await fetch(`${plain.baseUrl}/api/docs`);
    expect(directives(headers)).toEqual({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
      'style-src-attr': "'unsafe-inline'",
      'img-src': "'self' data:",
      'connect-src': "'self'",
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': "'none'",
    });
  });
});
