import type { TestDatabase } from './database.js';

/**
 * Every spelling in which a text can travel or lie: as it is, in a URL, in hexadecimal, and in the three alignments of
 * its base64.
 */
export function spellings(text: string): string[] {
  const encoded = [0, 1, 2].flatMap((shift) => {
    const bytes = Buffer.from(`${' '.repeat(shift)}${text}`);
    // What depends on the neighbours is left out.
    return [bytes.toString('base64url'), bytes.toString('base64')].map((base64) =>
      base64.replaceAll('=', '').slice(shift === 0 ? 0 : shift + 1, -2),
    );
  });
  return [...new Set([text, encodeURIComponent(text), Buffer.from(text).toString('hex'), ...encoded])];
}

/** All rows of all tables as text; binary columns in hexadecimal, as a dump has them, and as what they may be text of. */
export async function wholeDatabase(database: Pick<TestDatabase, 'query'>): Promise<string> {
  const tables = await database.query<{ name: string }>(
    `SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'`,
  );
  const texts = await Promise.all(
    tables.map(async ({ name }) => {
      const found = await database.query<{ row: string }>(`SELECT t::text AS row FROM ${name} AS t`);
      return found.map(({ row }) => row).join('\n');
    }),
  );
  const dump = texts.join('\n');
  const binary = dump.matchAll(/\\x((?:[0-9a-f]{2})+)/g);
  return [dump, ...Array.from(binary, ([, hex = '']) => Buffer.from(hex, 'hex').toString('latin1'))].join(
    '\n',
  );
}
