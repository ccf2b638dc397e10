/** A part of a run stands in its own file and in one line of a list: whatever else names it would have to change with it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { augmentations, averages, objectives, optimisers, schedules } from 'skein/train';
import ts from 'typescript';
import { expect, it } from 'vitest';

const source = fileURLToPath(new URL('../src', import.meta.url));
// what a recipe, a set, an experiment or a comparison with a peer is made of is its own choice; corruptions and views have names of their own
const others =
  /\.test\.ts$|-recipe\.ts$|^(augmentations.sets\.ts$|bench.bench-data\.ts$|metrics|lab|corruptions|trained.evaluation.views)/;
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
  (path) => path.endsWith('.ts') && !others.test(path),
);

/** What a file imports, exports and defines, and its texts. */
function namesIn(path: string): { identifiers: Set<string>; texts: Set<string> } {
  const [identifiers, texts] = [new Set<string>(), new Set<string>()];
  const visit = (node: ts.Node): void => {
    if (ts.isImportSpecifier(node) || ts.isExportSpecifier(node)) {
      const declaration = ts.isImportSpecifier(node) ? node.parent.parent.parent : node.parent.parent;
      const from = declaration.moduleSpecifier;
      // the measures have a cross entropy of their own
      if (from && ts.isStringLiteral(from) && !from.text.includes('metrics'))
        identifiers.add((node.propertyName ?? node.name).text);
    }
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && ts.isSourceFile(node.parent.parent.parent))
      identifiers.add(node.name.text);
    if (ts.isStringLiteral(node)) texts.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, readFileSync(join(source, path), 'utf8'), ts.ScriptTarget.Latest, true));
  return { identifiers, texts };
}

const named = files.map((path) => ({ path, ...namesIn(path) }));
const models = readFileSync(join(source, 'models', 'models.ts'), 'utf8');
const families = [...(/families: readonly Family\[\] = \[([^\]]*)\]/.exec(models)?.[1] ?? '').matchAll(/\w+/g)].map(
  ([name]) => name,
);
/** Also the name of the entry point of a training step, and of images without colours. */
const alsoAWord = ['step', 'grey'];

it('every augmentation, optimiser, schedule, objective, average and family is named by two files', () => {
  const kinds = [augmentations, optimisers, schedules, objectives, averages];
  const parts = kinds.flatMap(({ name, parts: all }) => all.map((part) => [name, part.name] as const));
  const all = [...parts, ...families.map((family) => ['family', family] as const)];
  expect(families.length).toBeGreaterThan(10);
  const counts = all.map(([kind, name]) => {
    const users = named.filter(
      ({ identifiers, texts }) => identifiers.has(name) || (texts.has(name) && !alsoAWord.includes(name)),
    );
    console.log(`${kind} ${name}: ${users.map(({ path }) => path).join(', ')}`);
    return [name, users.length] as const;
  });
  expect(counts.filter(([, count]) => count > 2)).toEqual([]);
  expect(counts.filter(([, count]) => count < 2)).toEqual([]);
});
