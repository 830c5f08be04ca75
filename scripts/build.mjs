// Builds the packages, the server, its OpenAPI document and the browser app. For the server what `nest build` would
// do, from the same nest-cli.json, without the Nest CLI, whose own dependencies want a newer Node.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import ts from 'typescript';
import { before as swaggerPlugin } from '@nestjs/swagger/plugin';
import { problemCodes } from './lib/problem-codes.mjs';
import { root, sourcesStamp, stampFile } from './lib/stale.mjs';
import { withoutSwagger } from './lib/without-swagger.mjs';

process.chdir(root);
const tsc = 'node_modules/typescript/bin/tsc';

/** In the order of their imports; one that is not there (yet, or in a slim image) is left out. */
for (const name of ['protocol', 'instance-lock', 'fake-42', 'client']) {
  const project = `packages/${name}`;
  if (!existsSync(`${project}/tsconfig.json`)) continue;
  rmSync(`${project}/dist`, { recursive: true, force: true });
  run(tsc, '-p', `${project}/tsconfig.json`);
}
const server = compileServer();
emitDescribed(server);
writeFileSync('dist/problem-codes.json', JSON.stringify(problemCodes(), null, 2));
run('dist/src/open-api/write-document.js', 'dist/openapi.json');
emitPlain(server);
await buildWebApp();
writeFileSync(stampFile, sourcesStamp());

function run(script, ...args) {
  try {
    execFileSync(process.execPath, [script, ...args], { stdio: 'inherit' });
  } catch {
    process.exit(1);
  }
}

function compileServer() {
  rmSync('dist', { recursive: true, force: true });
  const { compilerOptions } = JSON.parse(readFileSync('nest-cli.json', 'utf8'));
  const config = ts.getParsedCommandLineOfConfigFile(compilerOptions.tsConfigPath, undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (diagnostic) => fail([diagnostic]),
  });
  const program = ts.createProgram(config.fileNames, config.options);
  const diagnostics = ts.getPreEmitDiagnostics(program);
  if (diagnostics.length > 0) fail(diagnostics);
  const { options } = compilerOptions.plugins.find(({ name }) => name === '@nestjs/swagger');
  return { program, options };
}

/** With all that the document is made from. */
function emitDescribed({ program, options }) {
  program.emit(undefined, undefined, undefined, false, { before: [swaggerPlugin(options, program)] });
}

/** As it runs: without what only the document needed. */
function emitPlain({ program }) {
  const { transformer, source } = withoutSwagger(
    (fileName) => !/\/src\/open-api\/(?!.*\.controller\.ts$)/.test(fileName),
    (fileName) => {
      const path = relative(dirname(resolve(fileName)), resolve('src/no-descriptions.js'));
      return path.startsWith('.') ? path : `./${path}`;
    },
  );
  program.emit(undefined, undefined, undefined, false, { before: [transformer] });
  writeFileSync('dist/src/no-descriptions.js', source());
}

/** Into dist/web, where the server looks for it. */
async function buildWebApp() {
  if (!existsSync('packages/web/vite.config.ts')) return;
  const { build } = await import('vite');
  await build({ configFile: 'packages/web/vite.config.ts', logLevel: 'warn' });
}

function fail(diagnostics) {
  const host = {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => root,
    getNewLine: () => '\n',
  };
  process.stderr.write(ts.formatDiagnosticsWithColorAndContext(diagnostics, host));
  process.exit(1);
}
