import { createRemoteJWKSet, errors, jwtVerify } from 'jose';

/** The caller's token is no good: answer 401. Everything else that is thrown is our trouble: answer 503. */
export class Refused extends Error {}

/**
 * Makes a check for access tokens of one Sealgate. No secret, no call per request: the public keys are fetched once, kept
 * for `max-age`, and fetched again when a token names a key that is not among them, as after a rotation.
 *
 * A signature says nothing of what happened since: a session that was signed out, or a key that was revoked, counts here
 * until the token expires (15 minutes at most) or the keys are fetched again. Ask Sealgate itself where that matters.
 *
 * @param sealgate its `PUBLIC_URL`, exactly: it is the issuer and the audience of its tokens.
 * @param jwksUrl where its keys are, if it is reached under another address from here.
 */
export function tokenVerifier(sealgate, jwksUrl = new URL('/.well-known/jwks.json', sealgate)) {
  // The server's `max-age`. Unknown keys are looked for at most every 5 s, however many tokens name one.
  const keys = createRemoteJWKSet(new URL(jwksUrl), { cacheMaxAge: 300_000, cooldownDuration: 5_000 });
  const rules = {
    issuer: sealgate,
    audience: sealgate,
    // Never the token's choice. @see RFC 8725 §3.1
    algorithms: ['ES256'],
    // No other kind of token passes for an access token. @see RFC 8725 §3.11
    typ: 'at+jwt',
    requiredClaims: ['sub', 'sid', 'exp', 'tfa'],
    clockTolerance: 5,
  };
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, keys, rules);
      // A password was right, the code is not there yet: such a token opens nothing but the second step.
      if (payload.tfa !== true) throw new Refused('the second step is open');
      return { user: payload.sub, session: payload.sid, methods: payload.amr ?? [] };
    } catch (error) {
      throw isTheTokens(error) ? new Refused(error.code, { cause: error }) : error;
    }
  };
}

/** Not so: no keys could be fetched. */
function isTheTokens(error) {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWTExpired ||
    error instanceof errors.JWTClaimValidationFailed ||
    error instanceof errors.JWTInvalid ||
    error instanceof errors.JWSInvalid ||
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JOSEAlgNotAllowed ||
    error instanceof errors.JOSENotSupported
  );
}
