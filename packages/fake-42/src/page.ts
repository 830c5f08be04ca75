import { createHash } from 'node:crypto';
import type { Fake42User } from './people.js';
import { styles } from './page.styles.js';

const styleHash = createHash('sha256').update(styles).digest('base64');

export interface SignInPage {
  /** The one-time id of the request that the page decides on. */
  transaction: string;
  /** Host of the application that asked, for the person to see. */
  host: string;
  people: readonly Fake42User[];
  /** A login that was just refused, to be shown again. */
  refusedLogin: string | null;
}

/** @param formTarget origin that the form's answer redirects to: browsers hold redirects to `form-action` too */
export function contentSecurityPolicy(formTarget?: string): string {
  return [
    "default-src 'none'",
    `style-src 'sha256-${styleHash}'`,
    `form-action 'self'${formTarget ? ` ${formTarget}` : ''}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

export function signInPage({ transaction, host, people, refusedLogin }: SignInPage): string {
  const hidden = `<input type="hidden" name="transaction" value="${escapeHtml(transaction)}">`;
  const isRefused = refusedLogin !== null;
  return document(
    'Sign in with the stand-in for 42',
    `<h1>Sign in to ${escapeHtml(host)}</h1>
<p>The application asks for your 42 profile. Choose who you are.</p>
<form method="post" action="/oauth/authorize">
${hidden}
<ul>
${people.map(personButton).join('\n')}
</ul>
</form>
<form method="post" action="/oauth/authorize">
${hidden}
<label for="login">Sign in as a new person</label>
<div class="row">
<input id="login" name="login" required maxlength="32" autocapitalize="none" autocomplete="off" spellcheck="false"
 aria-describedby="login-hint"${isRefused ? ' aria-invalid="true" autofocus' : ''} value="${escapeHtml(refusedLogin ?? '')}">
<button class="primary">Sign in</button>
</div>
<p id="login-hint" class="hint"${isRefused ? ' role="alert"' : ''}>${isRefused ? 'That is no login. ' : ''}A login has 3 to 32 lower-case letters, digits and dashes, and begins with a letter. The same login is the same person every time.</p>
</form>
<form method="post" action="/oauth/authorize">
${hidden}
<button name="decision" value="deny" class="quiet">Deny</button>
</form>`,
  );
}

export function errorPage(message: string): string {
  return document(
    'An error occurred',
    `<h1>An error occurred</h1>
<p>${escapeHtml(message)}</p>
<p>Go back to the application and start again.</p>`,
  );
}

function personButton({ login, firstName, lastName }: Fake42User): string {
  const initials = `${firstName.charAt(0)}${lastName.charAt(0)}`;
  return `<li><button name="login" value="${escapeHtml(login)}"><span class="initials" aria-hidden="true">${escapeHtml(initials)}</span><span><b>${escapeHtml(firstName)} ${escapeHtml(lastName)}</b><br><span class="login">${escapeHtml(login)}</span></span></button></li>`;
}

function document(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${styles}</style>
</head>
<body>
<main>
<p class="notice"><b>A stand-in for 42, for development.</b> No 42 account is involved, and anybody can sign in as anybody.</p>
${content}
</main>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
