/** Stops the start. Lists names and rules, never values: the message goes to a console or a log. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`Sealgate cannot start with this configuration:\n${problems.map((p) => `  - ${p}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}
