import { describe, expect, it } from 'vitest';
import type { NoticeName } from './mail.js';
import { renderMail } from './render-mail.js';

const URL_OF_APP = 'https://seal.example';
const occasion = { at: '2026-05-04T10:20:30.000Z', device: 'Firefox on Linux', ip: '192.0.2.7' };

describe('renderMail', () => {
  it.each([
    ['verify_email', 'https://seal.example/verify-email#token=t0k_en-1'],
    ['change_email', 'https://seal.example/verify-email#token=t0k_en-1'],
    ['reset_password', 'https://seal.example/reset-password#token=t0k_en-1'],
  ] as const)('puts the token of %s into the fragment, in text and HTML', (kind, link) => {
    const { text, html } = renderMail({ kind, token: 't0k_en-1' }, URL_OF_APP);
    expect(text.split('\n')).toContain(link);
    expect(html).toContain(`<a href="${link}">`);
    expect(`${text}${html}`).not.toMatch(/\?[^#\s]*token/);
  });

  it('says when, from where and with what', () => {
    const { text } = renderMail({ kind: 'new_sign_in', occasion }, URL_OF_APP);
    expect(text).toContain('Time: 2026-05-04 10:20 UTC\nDevice: Firefox on Linux\nAddress: 192.0.2.7');
  });

  it('says how often, where several waited for one mail', () => {
    const { text } = renderMail({ kind: 'new_sign_in', occasion, times: 17 }, URL_OF_APP);
    expect(text).toContain('This happened 17 times. The last time:\n\nTime: 2026-05-04 10:20 UTC');
  });

  it.each<NoticeName>(['password_changed', 'keys_reset', 'email_changed', 'session_stolen'])(
    'tells what to do against %s',
    (kind) => {
      const { subject, text } = renderMail({ kind, occasion }, URL_OF_APP);
      expect(subject).toMatch(/^[ -~]{10,60}$/);
      expect(text).toContain('https://seal.example/forgot-password');
    },
  );

  it('lets no markup, no link and no line of a device name through', () => {
    const device = '<b>Call</b> https://evil.example/"x"\r\nBcc: you@evil.example & more';
    const { text, html } = renderMail({ kind: 'new_sign_in', occasion: { ...occasion, device } }, URL_OF_APP);
    expect(`${text}${html}`).not.toMatch(/evil\.example|<b>|\r|^Bcc/m);
  });

  it('escapes what stands in HTML', () => {
    const { html } = renderMail({ kind: 'verify_email', token: `"><script>'&` }, URL_OF_APP);
    expect(html).toContain('#token=&quot;&gt;&lt;script&gt;&#39;&amp;"');
  });
});
