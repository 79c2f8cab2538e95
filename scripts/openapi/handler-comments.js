import { globSync, readFileSync } from 'node:fs';
import ts from 'typescript';

const textOf = (method) =>
  ts
    .getJSDocCommentsAndTags(method)
    .filter(ts.isJSDoc)
    .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '')
    .join('\n');

function* methodsOf(file) {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  for (const declaration of source.statements.filter(ts.isClassDeclaration)) {
    for (const method of declaration.members.filter(ts.isMethodDeclaration)) {
      yield [`${declaration.name.text}.${method.name.getText()}`, textOf(method).trim()];
    }
  }
}

/** The comments above handlers, by `Controller.method`. The first sentence is the summary. */
export function handlerComments() {
  const comments = new Map();
  for (const file of globSync('src/**/*.controller.ts')) {
    for (const [handler, text] of methodsOf(file)) {
      if (text === '') continue;
      const [summary] = /^.*?(?:[.:](?=\s|$)|$)/s.exec(text);
      const isAll = summary.length === text.length;
      comments.set(handler, {
        summary: summary.replace(/[.:]$/, ''),
        ...(isAll ? {} : { description: text }),
      });
    }
  }
  return comments;
}
