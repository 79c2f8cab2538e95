// A module provides the classes of its own folder only. Then the folder of a class is where its instance comes from.
import { globSync, readFileSync } from 'node:fs';
import ts from 'typescript';

/** @returns the names that a file imports from another folder */
function importedFromElsewhere(source) {
  const names = new Set();
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement) || !statement.moduleSpecifier.text.startsWith('..')) continue;
    const bindings = statement.importClause?.namedBindings;
    if (bindings !== undefined && ts.isNamedImports(bindings))
      for (const { name } of bindings.elements) names.add(name.text);
  }
  return names;
}

/** The tokens of `providers: [Token, { provide: Token, … }]`. */
function tokensOf(array) {
  return array.elements.flatMap((element) => {
    if (ts.isIdentifier(element)) return [element.text];
    if (!ts.isObjectLiteralExpression(element)) return [];
    return element.properties
      .filter((property) => property.name?.getText() === 'provide' && ts.isIdentifier(property.initializer))
      .map((property) => property.initializer.text);
  });
}

/** @returns one line for each provider of another folder's class */
export function foreignProviders() {
  const complaints = [];
  for (const file of globSync('src/**/*.module.ts').sort()) {
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
    const foreign = importedFromElsewhere(source);
    const visit = (node) => {
      if (
        ts.isPropertyAssignment(node) &&
        node.name.getText() === 'providers' &&
        ts.isArrayLiteralExpression(node.initializer)
      )
        for (const token of tokensOf(node.initializer))
          if (foreign.has(token)) complaints.push(`${file} provides ${token}, which is another folder's`);
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return complaints;
}
