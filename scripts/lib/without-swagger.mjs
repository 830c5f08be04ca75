import ts from 'typescript';

const SWAGGER = '@nestjs/swagger';

/**
 * A transformer that lets the emitted files import what describes routes from a module of nothing: once the document
 * is written, no process reads those descriptions, and the package that makes them is a tenth of the start and of the
 * memory. The types stay the package's own.
 * @param isReplaced whether a source file is; those that make the document are not.
 * @param standIn the specifier of the module of nothing, as seen from a source file.
 */
export function withoutSwagger(isReplaced, standIn) {
  const names = new Set();
  const transformer = (context) => (file) => {
    if (!isReplaced(file.fileName)) return file;
    const statements = file.statements.map((statement) => {
      if (!isSwaggerImport(statement) || statement.importClause?.isTypeOnly) return statement;
      for (const { name, propertyName } of statement.importClause?.namedBindings?.elements ?? [])
        names.add((propertyName ?? name).text);
      return context.factory.updateImportDeclaration(
        statement,
        statement.modifiers,
        statement.importClause,
        context.factory.createStringLiteral(standIn(file.fileName)),
        statement.attributes,
      );
    });
    return context.factory.updateSourceFile(file, statements);
  };
  /** Decorators, and functions that are called for what goes into them. */
  const source = () =>
    [
      'const nothing = () => () => undefined;',
      ...[...names].toSorted((a, b) => (a < b ? -1 : 1)).map((name) => `export const ${name} = nothing;`),
    ]
      .join('\n')
      .concat('\n');
  return { transformer, source };
}

function isSwaggerImport(statement) {
  return ts.isImportDeclaration(statement) && statement.moduleSpecifier.text === SWAGGER;
}
