// The app on the phone. By default this project's TOTP library; with --oathtool an independent program.
import { execFileSync } from 'node:child_process';
import { generateSync } from 'otplib';

const STEP_SECONDS = 30;

/** What the phone takes from the QR code. */
export function scan(otpauthUrl) {
  const { protocol, host, searchParams } = new URL(otpauthUrl);
  if (protocol !== 'otpauth:' || host !== 'totp') throw new Error('not an otpauth TOTP URL');
  return searchParams.get('secret');
}

/**
 * @param stepsAgo 1 for somebody who types slowly: the server takes the code of the step before too. Each code counts
 *   once, so this way two of them can be used within half a minute.
 */
export async function codeOf(secret, { oathtool, stepsAgo = 0 }) {
  await awayFromTheEdge();
  const epoch = Math.floor(Date.now() / 1000) - stepsAgo * STEP_SECONDS;
  if (!oathtool) return generateSync({ strategy: 'totp', secret, epoch });
  return execFileSync('oathtool', ['--totp', '--base32', '--now', `@${epoch}`, secret], {
    encoding: 'utf8',
  }).trim();
}

/** A code that is made just before a step ends is a step older when it arrives. */
async function awayFromTheEdge() {
  const into = (Date.now() / 1000) % STEP_SECONDS;
  if (into > STEP_SECONDS - 3)
    await new Promise((done) => setTimeout(done, (STEP_SECONDS - into) * 1000 + 50));
}
