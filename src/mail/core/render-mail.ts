import type { Mail, NoticeName, Occasion } from './mail.js';

/** A mail as it is read. */
export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

interface Content {
  readonly subject: string;
  readonly paragraphs: readonly string[];
  readonly link?: { readonly label: string; readonly url: string };
  readonly ending: string;
}

const NOTICES: Record<NoticeName, { subject: string; what: string; ending?: string }> = {
  new_sign_in: {
    subject: 'New sign-in to your account',
    what: 'Your account was signed in to from a device or a place that was not used before.',
  },
  password_changed: {
    subject: 'Your password was changed',
    what: 'The password of your account was changed. All other devices were signed out.',
  },
  password_reset: {
    subject: 'Your password was reset',
    what: 'A new password was set through a link that was sent to you. All devices were signed out.',
  },
  two_factor_enabled: {
    subject: 'Two-factor authentication is on',
    what: 'Signing in to your account now takes a code of your authenticator.',
  },
  two_factor_disabled: {
    subject: 'Two-factor authentication is off',
    what: 'Signing in to your account no longer takes a code. All other devices were signed out.',
  },
  recovery_code_used: {
    subject: 'A recovery code was used',
    what: 'One of your recovery codes was used instead of the authenticator. It does not work again.',
  },
  recovery_codes_regenerated: {
    subject: 'Your recovery codes were replaced',
    what: 'Ten new recovery codes were made for your account. The old ones do not work any more.',
  },
  second_factor_locked: {
    subject: 'Wrong codes were given for your account',
    what: 'Five wrong codes in a row: for 15 minutes none is taken. Whoever gave them had your password, or a device of yours.',
  },
  session_stolen: {
    subject: 'A device was signed out for your safety',
    what: 'A sign-in of yours was used in two places. It may have been copied, and was ended everywhere.',
  },
  email_change_requested: {
    subject: 'Another e-mail address was asked for',
    what: 'Your account is to get another e-mail address. It counts once mail to it was answered; until then yours stays.',
  },
  email_changed: {
    subject: 'The e-mail address of your account was changed',
    what: 'Your account now has another e-mail address. Mail about it no longer comes here.',
  },
  identity_linked: {
    subject: 'A 42 account was linked',
    what: 'Your account can now be signed in to with a 42 account. You can unlink it in the settings.',
  },
  identity_unlinked: {
    subject: 'Your 42 account was unlinked',
    what: 'Your account can no longer be signed in to with 42.',
  },
  keys_changed: {
    subject: 'Your message keys were changed',
    what: 'New keys were registered for your messages, signed by the ones before.',
  },
  keys_reset: {
    subject: 'Your message keys were reset',
    what: 'New keys were registered for your messages without the ones before. Your contacts are warned.',
  },
  backup_deleted: {
    subject: 'The backup of your message keys was deleted',
    what: 'Without a backup a new device cannot read your messages. A device that still has the keys can make another.',
  },
  role_changed: {
    subject: 'The role of your account was changed',
    what: 'What your account may do here has changed. The settings show its role.',
    ending: 'If you did not expect this, ask those who run this service.',
  },
  account_deleted: {
    subject: 'Your account was deleted',
    what: 'Your account, its keys and its backup are gone. What you wrote to others is gone, too.',
    ending: 'If this was not you, tell those who run this service. This is the last mail about this account.',
  },
};

/** @param publicUrl where the browser app is; tokens stand in the fragment, which no server and no log sees. */
export function renderMail(mail: Mail, publicUrl: string): RenderedMail {
  const content = contentOf(mail, publicUrl);
  return { subject: content.subject, text: toText(content), html: toHtml(content) };
}

function contentOf(mail: Mail, publicUrl: string): Content {
  if (mail.kind === 'verify_email')
    return {
      subject: 'Confirm your e-mail address',
      paragraphs: ['Somebody, most likely you, has given this address for an account here. Is it yours?'],
      link: { label: 'Confirm the address', url: `${publicUrl}/verify-email#token=${mail.token}` },
      ending: 'The link works once, for 24 hours. If this was not you, there is nothing to do.',
    };
  if (mail.kind === 'change_email')
    return {
      subject: 'Confirm your new e-mail address',
      paragraphs: ['Somebody, most likely you, wants to use this address for an account here. Is it yours?'],
      link: { label: 'Confirm the address', url: `${publicUrl}/verify-email#token=${mail.token}` },
      ending: 'The link works once, for 24 hours. If this was not you, there is nothing to do.',
    };
  if (mail.kind === 'reset_password')
    return {
      subject: 'Set a new password',
      paragraphs: ['Somebody, most likely you, has asked for a new password for your account.'],
      link: { label: 'Set a new password', url: `${publicUrl}/reset-password#token=${mail.token}` },
      ending: 'The link works once, for 30 minutes. If this was not you, your password stays as it is.',
    };
  const { subject, what, ending } = NOTICES[mail.kind];
  const often = mail.times === undefined ? [] : [`This happened ${mail.times} times. The last time:`];
  return {
    subject,
    paragraphs: [what, ...often, describe(mail.occasion)],
    ending: ending ?? `If this was not you, set a new password at once: ${publicUrl}/forgot-password`,
  };
}

function describe({ at, device, ip }: Occasion): string {
  const parts = [`Time: ${at.slice(0, 16).replace('T', ' ')} UTC`];
  if (device !== null) parts.push(`Device: ${plain(device)}`);
  if (ip !== null) parts.push(`Address: ${plain(ip)}`);
  return parts.join('\n');
}

/** A device's name comes from a header that anybody can send: no links, no sentences. */
function plain(text: string): string {
  return text
    .replaceAll(/[^\p{L}\p{N} .:()-]/gu, '')
    .replaceAll(/(?<=\p{L})\.(?=\p{L})/gu, ' ')
    .slice(0, 60);
}

function toText({ paragraphs, link, ending }: Content): string {
  const parts = ['Hello,', ...paragraphs];
  if (link !== undefined) parts.push(`${link.label}:\n${link.url}`);
  return `${[...parts, ending, '-- \nSealgate'].join('\n\n')}\n`;
}

function toHtml({ subject, paragraphs, link, ending }: Content): string {
  const lines = ['Hello,', ...paragraphs].map((text) => `<p>${toHtmlText(text)}</p>`);
  if (link !== undefined)
    lines.push(`<p><a href="${escapeHtml(link.url)}">${toHtmlText(link.label)}</a></p>`);
  return [
    '<!doctype html>',
    `<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(subject)}</title></head>`,
    '<body style="font-family: sans-serif; line-height: 1.5; max-width: 36em">',
    ...lines,
    `<p>${toHtmlText(ending)}</p>`,
    '<p>Sealgate</p>',
    '</body></html>',
    '',
  ].join('\n');
}

function toHtmlText(text: string): string {
  return escapeHtml(text).replaceAll('\n', '<br>');
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
