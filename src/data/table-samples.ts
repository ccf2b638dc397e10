/** From the rows of a table to the samples of each split, and what is wrong with them, by their lines. */
import { classOrder } from './class-order.ts';
import type { DataProblem } from './data-problem.ts';
import { type PartName, partNames, splitOf } from './folder-layout.ts';
import type { LineProblems } from './line-problems.ts';
import { namesInShort } from './match-classes.ts';
import { nearNames } from './near-names.ts';
import { singleImages } from './single-images.ts';
import { plainPath, type TableImages } from './table-images.ts';
import type { Cell, TableRow } from './table-rows.ts';

/** The samples of one split, an entry of each list for each. */
export interface TablePart {
  readonly paths: string[];
  readonly ids: string[];
  readonly labels: number[];
}

/** What the rows of a table say. */
export interface TableSamples {
  readonly classes: readonly string[];
  /** Of a table without a column of splits all are `all`. */
  readonly parts: Readonly<Partial<Record<PartName, TablePart>>>;
  readonly problems: readonly DataProblem[];
}

interface Row {
  readonly line: number;
  readonly id: string;
  readonly path: string;
  readonly label: string;
  readonly part: PartName;
}

/**
 * @param hasSplits whether a column says the splits
 * @param found what is known of the lines already
 */
export function tableSamples(
  path: string,
  rows: readonly TableRow[],
  images: TableImages,
  hasSplits: boolean,
  found: LineProblems,
): TableSamples {
  const kept = new Map<string, Row>();
  for (const given of rows) {
    const row = readRow(given, images, hasSplits, found);
    const before = row && kept.get(row.path);
    if (row && before) addTwin(row, before, found);
    else if (row) kept.set(row.path, row);
  }
  const present = [...kept.values()];
  const classes = classOrder(namesIn(present));
  const labelOf = new Map(classes.map((name, label) => [name, label]));
  const parts: Partial<Record<PartName, TablePart>> = {};
  for (const { line, id, path: file, label, part } of present) {
    const number = labelOf.get(label);
    if (number === undefined) {
      found.add(line, unknownClass(part, label, classes), `unknown class ${label} ${part}`);
      continue;
    }
    parts[part] ??= { paths: [], ids: [], labels: [] };
    const samples = parts[part];
    samples.paths.push(file);
    samples.ids.push(id);
    samples.labels.push(number);
  }
  const ordered = Object.fromEntries(partNames.flatMap((part) => (parts[part] ? [[part, parts[part]]] : [])));
  return { classes, parts: ordered, problems: [...found.list(), ...classProblems(path, classes, parts)] };
}

/** The classes that are trained on; without any, those that are there. */
function namesIn(rows: readonly Row[]): Set<string> {
  const training = new Set<string>();
  for (const { part, label } of rows) if (part === 'all' || part === 'train') training.add(label);
  return training.size > 0 ? training : new Set(rows.map(({ label }) => label));
}

/** Undefined where the row is no sample. */
function readRow(
  { line, image, label, split }: TableRow,
  images: TableImages,
  hasSplits: boolean,
  found: LineProblems,
): Row | undefined {
  const several = [image, label, split].find((cell) => typeof cell !== 'string');
  if (several !== undefined) {
    const what = several === label ? 'classes' : several === image ? 'images' : 'splits';
    found.add(line, {
      severity: 'error',
      kind: 'several labels',
      message: `expected one of each for an image, but got ${several.length} ${what}: ${namesInShort(several)}`,
      hint: 'a network here gives each image one class: keep one, or name another column',
    });
    return undefined;
  }
  const [name, named] = [image as string, label as string];
  const part = hasSplits ? splitOf(split as string) : 'all';
  if (part === undefined) {
    found.add(line, unknownSplit(split), `split ${split}`);
    return undefined;
  }
  if (named === '') {
    found.add(line, {
      severity: 'warning',
      kind: 'unlabelled images',
      message: `there is no class for \`${name}\`: passed over`,
      hint: '`skein predict` answers for images without labels',
    });
    return undefined;
  }
  const located = name === '' ? { problem: 'there is no image, only a class' } : images.find(name);
  if ('path' in located) {
    const id = plainPath(name).normalize('NFC');
    return { line, id, path: located.path, label: named.normalize('NFC'), part };
  }
  found.add(line, {
    severity: 'error',
    kind: 'missing image',
    message: located.problem,
    hint: 'names start from the folder of the table, or from --image-folder (imageFolder); or remove the line',
  });
  return undefined;
}

function unknownSplit(split: Cell) {
  return {
    severity: 'error',
    kind: 'unknown split',
    message: `expected train, val or test as the split, but got ${split === '' ? 'nothing' : `\`${split}\``}`,
    hint: 'write one of train, val, valid, validation and test; or do without that column: --split-column none (splitColumn)',
  } as const;
}

function unknownClass(part: PartName, label: string, classes: readonly string[]) {
  return {
    severity: 'error',
    kind: 'unknown class',
    message: `expected only classes that are in train, but \`${label}\` is only in ${part} (train has ${namesInShort(classes)})`,
    hint: 'add images of the class to train, or remove it here; upper and lower case count',
  } as const;
}

/** The same image in an earlier line. */
function addTwin(row: Row, before: Row, found: LineProblems): void {
  if (row.label !== before.label)
    found.add(row.line, {
      severity: 'error',
      kind: 'two labels',
      message: `\`${row.id}\` is \`${row.label}\` here, but \`${before.label}\` in line ${before.line}`,
      hint: 'keep the line that is right: each image has one class',
    });
  else if (row.part !== before.part)
    found.add(row.line, {
      severity: 'error',
      kind: 'two splits',
      message: `\`${row.id}\` is in ${row.part} here, but in ${before.part} in line ${before.line}`,
      hint: 'keep one of the lines: what is measured on images that were trained on says nothing',
    });
  else
    found.add(row.line, {
      severity: 'warning',
      kind: 'repeated image',
      message: `\`${row.id}\` is there a second time, after line ${before.line}: it counts once`,
    });
}

function classProblems(path: string, classes: readonly string[], parts: TableSamples['parts']): DataProblem[] {
  const training = parts.all ?? parts.train;
  const problems: DataProblem[] = [];
  if (!training)
    problems.push({
      severity: 'error',
      kind: 'no training images',
      path,
      message: `${path}: expected images to train on, but ${Object.keys(parts).length === 0 ? 'there are none' : `all are in ${Object.keys(parts).join(' and ')}`}`,
      hint: 'write train as the split of some; skein eval does without',
    });
  else if (classes.length < 2)
    problems.push({
      severity: 'error',
      kind: 'too few classes',
      path,
      message: `${path}: expected two or more classes, but got only \`${classes[0]}\``,
      hint: 'a classifier needs at least two classes to tell apart; if the classes are in another column, name it with --label-column',
    });
  if (!parts.validation) problems.push(...singleImages(path, classes, training?.labels));
  for (const part of ['validation', 'test'] as const) {
    const there = new Set(parts[part]?.labels);
    const missing = classes.filter((_, label) => !there.has(label));
    if (parts[part] && training && missing.length > 0)
      problems.push({
        severity: 'warning',
        kind: 'missing class',
        path,
        message: `${path}: there is no image of ${namesInShort(missing)} in the ${part} split`,
      });
  }
  return [...problems, ...nearNames(path, classes, 'write the class alike in all lines where it is one')];
}
