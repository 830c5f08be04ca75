/** Shows a line to whoever runs the command. */
export type Print = (line: string) => void;

/** The command was called in a way that means nothing. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
