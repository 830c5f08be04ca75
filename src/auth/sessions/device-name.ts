import Bowser from 'bowser';

/** A name that its owner recognises, such as "Chrome on Windows"; never the raw header. */
export function deviceName(userAgent: string): string {
  if (userAgent.trim() === '') return 'Unknown device';
  try {
    const { browser, os } = Bowser.parse(userAgent);
    const program = browser.name || plainProgram(userAgent);
    return os.name ? `${program} on ${os.name}` : program;
  } catch {
    return plainProgram(userAgent);
  }
}

/** The first product of RFC 9110 §10.1.5, such as `curl` of `curl/8.5.0`. */
function plainProgram(userAgent: string): string {
  const product = /^[\w.-]{1,40}/.exec(userAgent.trim())?.[0];
  return product ?? 'Unknown device';
}
