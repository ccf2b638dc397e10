/** The public declarations of the package as text: what a user's compiler sees, without comments and without knowing which file they are in. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * A section for each entry of package.json with its exported names and their declarations. A name that an earlier section has is only
 * listed; types that declarations name and no entry exports stand at the end.
 */
export function publicSurface(): string {
  const entries = entriesOf();
  const declarations = emitted(entries.map(([, path]) => path));
  const program = programOf(declarations);
  const checker = program.getTypeChecker();
  const shownIn = new Map<ts.Symbol, string>();
  const named = new Set<ts.Symbol>();
  const sections: string[] = [];
  const shown = (symbol: ts.Symbol, name: string, where: string): string => {
    const earlier = shownIn.get(symbol);
    if (earlier !== undefined) return `${name}: as in ${earlier}\n`;
    shownIn.set(symbol, where);
    const texts = declarationsOf(symbol).map((node) => {
      for (const found of namedIn(node, checker)) named.add(found);
      return textOf(node);
    });
    return [...(name === symbol.name ? [] : [`${name} is`]), ...texts, ''].join('\n');
  };
  for (const [entry, path] of entries) {
    const source = program.getSourceFile(declarationPath(path));
    const module = source && checker.getSymbolAtLocation(source);
    if (!module) throw new Error(`${entry}: ${path} exports nothing`);
    const names = checker.getExportsOfModule(module).sort((a, b) => (a.name < b.name ? -1 : 1));
    sections.push(`# ${entry}\n`, ...names.map((name) => shown(resolved(name, checker), name.name, entry)));
  }
  const others: string[] = [];
  // a set that grows is gone through to its end
  for (const symbol of named) if (!shownIn.has(symbol)) others.push(shown(symbol, symbol.name, 'no entry'));
  sections.push('# named above, and exported by no entry\n', ...others.sort());
  return sections.join('\n').replaceAll(/^(.*: as in .*)\n\n(?=.*: as in )/gm, '$1\n');
}

/** Rooms first, so that declarations stand where they belong: `skein` itself repeats many of them. */
function entriesOf(): [entry: string, path: string][] {
  const { exports } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
    exports: Record<string, string | { types: string }>;
  };
  return Object.entries(exports)
    .flatMap(([key, target]): [string, string][] =>
      typeof target === 'string'
        ? []
        : [[key.replace('.', 'skein'), root + target.types.replace(/^\.\/dist\/(.*)\.d\.ts$/, 'src/$1.ts')]],
    )
    .sort(([a], [b]) => Number(a === 'skein') - Number(b === 'skein'));
}

const declarationPath = (path: string) => path.replace(/\.ts$/, '.d.ts');

/** What the compiler writes for these files and all that they import, by path: nothing is built. */
function emitted(paths: readonly string[]): Map<string, string> {
  const config = `${root}tsconfig.build.json`;
  const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile(config, ts.sys.readFile).config, ts.sys, root);
  const { outDir: _, ...kept } = options;
  const program = ts.createProgram(paths, { ...kept, emitDeclarationOnly: true, removeComments: true, noCheck: true });
  const files = new Map<string, string>();
  const { diagnostics } = program.emit(undefined, (path, text) => files.set(path, text));
  if (diagnostics.length > 0) throw new Error(ts.formatDiagnostics(diagnostics, ts.createCompilerHost(kept)));
  return files;
}

/** The declarations alone: names of other packages and of JavaScript stay unresolved, and are not ours to list. */
function programOf(files: ReadonlyMap<string, string>): ts.Program {
  const options: ts.CompilerOptions = {
    noLib: true,
    types: [],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
  };
  const host: ts.CompilerHost = {
    ...ts.createCompilerHost(options),
    fileExists: (path) => files.has(path),
    readFile: (path) => files.get(path),
    getSourceFile: (path, target) => {
      const text = files.get(path);
      return text === undefined ? undefined : ts.createSourceFile(path, text, target, true);
    },
  };
  return ts.createProgram([...files.keys()], options, host);
}

const resolved = (symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol =>
  symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;

/** Overloads and merged interfaces have several; a constant's is its whole statement. */
const declarationsOf = (symbol: ts.Symbol): ts.Node[] =>
  (symbol.declarations ?? []).map((node) => (ts.isVariableDeclaration(node) ? node.parent.parent : node));

/** What a declaration names at the outermost level of a file of ours. */
function namedIn(node: ts.Node, checker: ts.TypeChecker): ts.Symbol[] {
  const found: ts.Symbol[] = [];
  const visit = (child: ts.Node) => {
    const symbol = ts.isIdentifier(child) ? checker.getSymbolAtLocation(child) : undefined;
    const target = symbol && resolved(symbol, checker);
    if (target?.declarations?.some(isOutermost)) found.push(target);
    ts.forEachChild(child, visit);
  };
  visit(node);
  return found;
}

const isOutermost = (node: ts.Declaration): boolean =>
  ts.isSourceFile(node.parent) || (ts.isVariableDeclaration(node) && ts.isSourceFile(node.parent.parent.parent));

/** Without the file that an inferred type was found in, so that moving it is no change. */
const textOf = (node: ts.Node): string =>
  node
    .getText()
    .replace(/^export /, '')
    .replace(/^declare /, '')
    .replaceAll(/import\("\.[^"]*"\)\./g, '');
