/** Binds a sealed mail to its row of the outbox. */
export function mailContext(id: string): string {
  return `mail:${id}`;
}
