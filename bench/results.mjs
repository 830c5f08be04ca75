import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const here = (name) => new URL(name, import.meta.url);
const OWN = ['fastify', '@nestjs/core', '@nestjs/platform-fastify', 'bcrypt'];
const PEERS = [
  'better-auth',
  'express',
  'express-session',
  'connect-pg-simple',
  'passport',
  'passport-local',
  'pg',
];
/** Before anything was measured. */
const loadBefore = loadavg();

/** Writes `RESULTS.md` for people and `results.json` for programs. */
export async function writeResults(rows, { seconds, postgres, note }) {
  const json = rows.map(({ row, ratio, mark, reached }) => ({ row, ratio, mark, reached }));
  writeFileSync(
    here('results.json'),
    `[\n${json.map((line) => `  ${JSON.stringify(line)}`).join(',\n')}\n]\n`,
  );
  const table = rows.map(
    ({ row, ratio, mark, bound, reached, detail }) =>
      `| ${row} | ${ratio} | ${mark === null ? '–' : `${bound} ${mark}`} | ${reached === null ? '–' : reached ? 'yes' : 'no'} | ${detail} |`,
  );
  writeFileSync(
    here('RESULTS.md'),
    `# Results

Written by \`npm run bench\`; by hand nothing is changed here. Each line is a ratio: of each round, against the floor or
the peer in the same round, and of the rounds the median. Absolute figures are there to be understood, not to be passed.
[docs/decisions/speed.md](../docs/decisions/speed.md) says how each row is measured and what was done for it.

${machine(seconds, postgres)}${note === null ? '' : `\n- ${note}`}

| what | ratio | mark | reached | figures of this run |
|---|---|---|---|---|
${table.join('\n')}
`,
  );
}

function machine(seconds, postgres) {
  const [cpu] = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return [
    `- Machine: ${cpus().length} × ${cpu.model.trim()}, ${gigabytes} GiB, Linux ${release()}; server, database and load share them`,
    `- Versions: Node ${process.versions.node}, PostgreSQL ${postgres}, ${versions(OWN, '../node_modules')}`,
    `- Peers: ${versions(PEERS, './node_modules')}`,
    `- Sealgate ${commit()}, in production's configuration, its log in a file; PostgreSQL with \`synchronous_commit=on\` and \`fsync=on\``,
    `- Run: ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, \`npm run bench\`, ${seconds} s; load average ${loadBefore[0].toFixed(2)} before, ${loadavg()[0].toFixed(2)} after`,
  ].join('\n');
}

function versions(names, folder) {
  return names
    .map(
      (name) => `${name} ${JSON.parse(readFileSync(here(`${folder}/${name}/package.json`), 'utf8')).version}`,
    )
    .join(', ');
}

function commit() {
  try {
    const args = ['-C', new URL('..', import.meta.url).pathname];
    const id = execFileSync('git', [...args, 'rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
    return `at ${id}`;
  } catch {
    return require('../package.json').version;
  }
}
