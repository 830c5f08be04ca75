import type { Environment, Variable } from './variables.js';

/** Reads variables with their types and collects every problem, so that one start names them all. */
export class EnvironmentReader {
  readonly problems: string[] = [];

  constructor(private readonly environment: Environment) {}

  text(name: Variable): string | null;
  text(name: Variable, fallback: string): string;
  text(name: Variable, fallback: string | null = null): string | null {
    const value = this.environment[name]?.trim();
    return value ? value : fallback;
  }

  number(name: Variable, fallback: number, min: number, max: number): number {
    const value = this.text(name);
    if (value === null) return fallback;
    const number = Number(value);
    if (Number.isFinite(number) && number >= min && number <= max) return number;
    this.problems.push(`${name} must be a number from ${min} to ${max}`);
    return fallback;
  }

  boolean(name: Variable, fallback: boolean): boolean {
    const value = this.text(name);
    if (value === null) return fallback;
    if (value === 'true' || value === 'false') return value === 'true';
    this.problems.push(`${name} must be true or false`);
    return fallback;
  }

  choice<const T extends string>(name: Variable, choices: readonly T[], fallback: T): T {
    const value = this.text(name);
    if (value === null) return fallback;
    const choice = choices.find((candidate) => candidate === value);
    if (choice !== undefined) return choice;
    this.problems.push(`${name} must be one of ${choices.join(', ')}`);
    return fallback;
  }

  list(name: Variable): string[] {
    return (this.text(name) ?? '')
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
  }

  url(name: Variable, protocols: readonly string[], fallback: string): string;
  url(name: Variable, protocols: readonly string[], fallback: null): string | null;
  url(name: Variable, protocols: readonly string[], fallback: string | null): string | null {
    const value = this.text(name);
    if (value === null) return fallback;
    if (URL.canParse(value) && protocols.includes(new URL(value).protocol)) return value;
    this.problems.push(
      `${name} must be a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
    );
    return fallback;
  }

  /**
   * Refuses what is too short to be a key, and in production what a person would type as a placeholder or
   * what has hardly any different characters.
   */
  secret(name: Variable, strict: boolean): string | null {
    const value = this.text(name);
    if (value === null) return null;
    if (value.length < 32)
      this.problems.push(`${name} is weak: at least 32 random characters, e.g. of "openssl rand -base64 32"`);
    else if (strict && (new Set(value).size < 10 || /change.?me|example|secret|password/i.test(value)))
      this.problems.push(`${name} is weak: generate it, e.g. with "openssl rand -base64 32"`);
    return value;
  }
}
