import type { Http } from '../http/http.js';
import type { SecondFactor } from './account-types.js';

/** Settled: the session is complete. */
export interface Settled {
  readonly next: 'home';
}

/** The second step: TOTP and recovery codes. */
export class TwoFactor {
  constructor(
    private readonly http: Http,
    private readonly onSettled: (userId: string) => void,
  ) {}

  status(): Promise<{ readonly enabled: boolean; readonly recoveryCodesLeft: number }> {
    return this.http.json({ method: 'GET', path: '/auth/2fa' });
  }

  /** A secret for the authenticator; `qrCode` is a `data:image/png` URL. Again before enabling: a new one. */
  generate(): Promise<{ readonly secret: string; readonly otpauthUrl: string; readonly qrCode: string }> {
    return this.http.json({ method: 'POST', path: '/auth/2fa/generate', body: {} });
  }

  /** Turns the second step on with the first code. The ten recovery codes are shown this once. */
  enable(code: string): Promise<Settled & { readonly recoveryCodes: readonly string[] }> {
    return this.settle('enable', { code });
  }

  /** Completes the sign-in with a code of the authenticator. */
  verify(code: string): Promise<Settled> {
    return this.settle('verify', { code });
  }

  /** Completes the sign-in with one of the recovery codes, which is used up. */
  recover(recoveryCode: string): Promise<Settled> {
    return this.settle('verify', { recoveryCode });
  }

  /** Completes the sign-in without a second step, where the server allows it. */
  skip(): Promise<Settled> {
    return this.settle('skip', {});
  }

  /** Turns it off; other sessions end. */
  disable(factor: SecondFactor): Promise<void> {
    return this.http.done({ method: 'POST', path: '/auth/2fa/disable', body: { ...factor } });
  }

  /** Ten new recovery codes; the old ones are void. */
  async newRecoveryCodes(code: string): Promise<readonly string[]> {
    const path = '/auth/2fa/recovery-codes';
    const answer = await this.http.json<{ recoveryCodes: string[] }>({
      method: 'POST',
      path,
      body: { code },
    });
    return answer.recoveryCodes;
  }

  private async settle<T extends Settled>(step: string, body: Record<string, string>): Promise<T> {
    const settled = await this.http.signIn<T>(
      { method: 'POST', path: `/auth/2fa/${step}`, body },
      () => undefined,
    );
    const { userId } = await this.http.session.read();
    if (userId !== undefined) this.onSettled(userId);
    return settled;
  }
}
