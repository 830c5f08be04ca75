import { PURPOSES, readableUntil } from '../crypto/key-ring/core/key-life.js';
import type { ServerKeyEntity } from '../crypto/key-ring/server-key.entity.js';
import type { KeyTools } from './key-tools.js';

const STATES = ['active', 'next', 'retired', 'revoked'];
const HEADINGS = ['USE', 'STATE', 'KID', 'MADE', 'ACTIVE FROM', 'NOTE'];

/** A table of every key on record: by use, then active, next, retired, revoked. Nothing secret is in it. */
export async function listKeys({ store }: KeyTools): Promise<string> {
  const keys = (await store.list()).toSorted(
    (a, b) =>
      PURPOSES.indexOf(a.purpose) - PURPOSES.indexOf(b.purpose) ||
      STATES.indexOf(a.state) - STATES.indexOf(b.state),
  );
  const lines = [HEADINGS, ...keys.map(cells)];
  const widths = HEADINGS.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function cells(key: ServerKeyEntity): string[] {
  const { purpose, state, kid, createdAt, activatedAt } = key;
  return [purpose, state, kid, time(createdAt), time(activatedAt), note(key)];
}

function note(key: ServerKeyEntity): string {
  if (key.state === 'revoked') return `revoked ${time(key.retiredAt)}`;
  const until = readableUntil(key);
  if (until === null) return '';
  return `${until > new Date() ? 'counts' : 'counted'} until ${time(until)}`;
}

function time(date: Date | null): string {
  return date === null ? '-' : `${date.toISOString().slice(0, 19)}Z`;
}
