import { hasCode } from '../errors.js';
import type { Http } from '../http/http.js';
import type { IdentityProof, Me, SignedIn } from './account-types.js';

/** Signing up, in and out; passwords and the e-mail address. */
export class Auth {
  constructor(
    private readonly http: Http,
    private readonly baseUrl: string,
    private readonly onSettled: (userId: string) => void,
    private readonly onSignedOut: () => void,
  ) {}

  /** Makes an account. `next` is where to go on; the second step is still open. */
  register(account: {
    readonly username: string;
    readonly email: string;
    readonly password: string;
  }): Promise<SignedIn> {
    const { username, email, password } = account;
    return this.begin('/auth/register', { username, email, password });
  }

  /** Proves the first factor. With `next: 'home'` the session is complete; with `'2fa'` see `twoFactor.verify`. */
  login(credentials: { readonly email: string; readonly password: string }): Promise<SignedIn> {
    const { email, password } = credentials;
    return this.begin('/auth/login', { email, password });
  }

  /** Who is signed in; also while the second step is open. @throws SealgateError `unauthenticated` */
  async me(): Promise<Me> {
    const me = await this.http.json<Me>({ method: 'GET', path: '/auth/me' });
    await this.http.session.belongsTo(me.user.id);
    if (me.next === 'home') this.onSettled(me.user.id);
    return me;
  }

  /** The same, or null where nobody is. */
  async meOrNull(): Promise<Me | null> {
    try {
      return await this.me();
    } catch (error) {
      if (hasCode(error, 'unauthenticated')) return null;
      throw error;
    }
  }

  /** Ends the session on this device. Keys stay on it: `device.forget()` takes them away too. */
  async logout(): Promise<void> {
    const { refreshToken } = await this.http.session.read();
    const body = refreshToken === undefined ? {} : { refreshToken };
    await this.http.done({ method: 'POST', path: '/auth/logout', body, idempotent: true });
    await this.http.session.clear();
    this.onSignedOut();
  }

  /** Renews the session now. It happens by itself when it is needed. @returns false where it is over. */
  async refresh(): Promise<boolean> {
    return this.http.refresh(await this.http.session.read());
  }

  /** Where to send the browser to sign in with 42. `returnTo` is a path of the server's own site. */
  loginUrl(returnTo?: string): string {
    const url = new URL('/auth/login', this.baseUrl);
    if (returnTo !== undefined) url.searchParams.set('returnTo', returnTo);
    return url.href;
  }

  /** Proves again who one is: for five minutes it opens what answered `reauthentication_required`. */
  reauthenticate(proof: IdentityProof): Promise<{ readonly expiresIn: number }> {
    return this.http.json({ method: 'POST', path: '/auth/reauthenticate', body: { ...proof } });
  }

  /** Mails a link to a new password, if there is such an account; the answer does not tell. */
  forgotPassword(email: string): Promise<void> {
    return this.http.done({ method: 'POST', path: '/auth/password/forgot', body: { email }, auth: 'none' });
  }

  /** Sets a new password with the token of the link. All sessions end. */
  resetPassword(token: string, newPassword: string): Promise<void> {
    const body = { token, newPassword };
    return this.http.done({ method: 'POST', path: '/auth/password/reset', body, auth: 'none' });
  }

  /** Sets a new password; all other sessions end. */
  changePassword(currentPassword: string, newPassword: string): Promise<void> {
    const body = { currentPassword, newPassword };
    return this.http.done({ method: 'POST', path: '/auth/password', body });
  }

  /** Shows with the token of the link that the e-mail address is one's own. */
  verifyEmail(token: string): Promise<void> {
    return this.http.done({ method: 'POST', path: '/auth/email/verify', body: { token }, auth: 'none' });
  }

  /** Another link to the account's address. */
  resendVerification(): Promise<void> {
    return this.http.done({ method: 'POST', path: '/auth/email/verify/resend', body: {} });
  }

  private async begin(path: string, body: Readonly<Record<string, unknown>>): Promise<SignedIn> {
    const call = { method: 'POST', path, body, auth: 'none' } as const;
    const signedIn = await this.http.signIn<SignedIn>(call, ({ user }) => user.id);
    if (signedIn.next === 'home') this.onSettled(signedIn.user.id);
    return signedIn;
  }
}
