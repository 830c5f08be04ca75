/** What the server's binaries need to find libraries, locales and the time zone. */
const PASSED_ON = [
  'PATH',
  'TZ',
  'LD_LIBRARY_PATH',
  'DYLD_LIBRARY_PATH',
  'LOCALE_ARCHIVE',
  'SystemRoot',
  'TEMP',
  'TMP',
];

/**
 * A short list, because the environment of Sealgate holds secrets that PostgreSQL's user could read from it, and PG*
 * variables that would change what the server does.
 */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const passed = PASSED_ON.map((name) => [name, process.env[name]] as const);
  return Object.fromEntries(passed.filter(([, value]) => value !== undefined));
}
