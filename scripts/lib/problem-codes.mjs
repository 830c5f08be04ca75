// The list of error codes for the OpenAPI document, read from where they are defined: every
// `super('code', status, 'title'` of a class that extends DomainError, and every `new DomainError('code', …)`.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from './stale.mjs';

/** @returns {{ code: string, status: number, title: string }[]} sorted by code */
export function problemCodes() {
  const found = new Map();
  for (const file of sources(join(root, 'src'))) {
    const text = readFileSync(file, 'utf8');
    if (!text.includes('DomainError')) continue;
    const visit = (node) => {
      const problem = problemOf(node);
      if (problem) found.set(problem.code, problem);
      ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  }
  return [...found.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
}

function problemOf(node) {
  const isSuper = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.SuperKeyword;
  const isNew = ts.isNewExpression(node) && node.expression.getText() === 'DomainError';
  const [code, status, title] = (isSuper || isNew ? node.arguments : undefined) ?? [];
  if (!code || !status || !title) return null;
  if (!ts.isStringLiteral(code) || !ts.isNumericLiteral(status) || !ts.isStringLiteral(title)) return null;
  return { code: code.text, status: Number(status.text), title: title.text };
}

function* sources(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (entry.name.endsWith('.ts') && !entry.name.endsWith('.spec.ts')) yield path;
  }
}
