import { generateSecret, generateURI, verifySync } from 'otplib';

/** A TOTP secret in base32 (RFC 4648 §6), as authenticators take it: 160 bits, 32 characters. */
export type TotpSecret = string & { readonly __brand: 'TotpSecret' };

/** RFC 6238 §4: the time step X. */
export const STEP_SECONDS = 30;
/** The code of the step before still counts: a person types for a while (RFC 6238 §5.2). */
const TOLERANCE: [past: number, future: number] = [STEP_SECONDS, 0];
/** RFC 4226 §4 R6 recommends 160 bits. */
const SECRET_BYTES = 20;

export function newTotpSecret(): TotpSecret {
  return generateSecret({ length: SECRET_BYTES }) as TotpSecret;
}

/**
 * @param code six digits.
 * @param epochSeconds the present.
 * @returns the time step that the code belongs to, or null. The caller burns it: a code counts once (RFC 6238 §5.2).
 */
export function matchingTimeStep(secret: TotpSecret, code: string, epochSeconds: number): number | null {
  const result = verifySync({
    strategy: 'totp',
    secret,
    token: code,
    epoch: epochSeconds,
    period: STEP_SECONDS,
    epochTolerance: TOLERANCE,
  });
  return result.valid && 'timeStep' in result ? result.timeStep : null;
}

/** The `otpauth://` URL that authenticators scan; issuer and label are encoded by the library. */
export function otpauthUrl(secret: TotpSecret, issuer: string, label: string): string {
  return generateURI({ strategy: 'totp', secret, issuer, label });
}
