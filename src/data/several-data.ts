/** Several folders, tables or files as one dataset: classes by name, splits joined, and each sample known by where it is from. */
import { classOrder } from './class-order.ts';
import type { DataProblem } from './data-problem.ts';
import { sourceText } from './data-source.ts';
import type { Dataset } from './dataset.ts';
import type { PartName } from './folder-layout.ts';
import type { FoundData } from './found-data.ts';
import { joined } from './joined.ts';
import { namesInShort, placesByName } from './match-classes.ts';
import { nearNames } from './near-names.ts';
import { pooledNormalisation } from './normalisation.ts';
import { relabelled } from './relabelled.ts';
import { idOf } from './sample-ids.ts';
import { expectSameSize, expectSeparate, type NamedData, tellingNames } from './several-sources.ts';
import { singleImages } from './single-images.ts';

type Parts = FoundData['parts'];

/**
 * Classes of the same name are one class. What one has for training joins what the others have, also where it has no splits of its own. Ids
 * begin with the last part of each path, or with as many as tell the paths apart.
 * @throws DataError where two of them share a file, or their images differ in size
 */
export async function joinData(several: readonly NamedData[]): Promise<FoundData> {
  const sources = several.map(({ source }) => source);
  const prefixes = tellingNames(sources);
  await expectSameSize(several);
  expectSeparate(several);
  const classes = classesOf(several);
  const own = several.map(({ found }, i) => {
    const places = placesByName(classes, found.classes);
    const renamed = (dataset: Dataset) =>
      withPrefix(relabelled(dataset, classes, places), prefixes[i] as string, sources);
    return Object.fromEntries(Object.entries(found.parts).map(([part, dataset]) => [part, renamed(dataset)])) as Parts;
  });
  const name = prefixes.join('+');
  const isFlat = own.every((parts) => Object.keys(parts).every((part) => part === 'all'));
  const parts: Partial<Record<PartName, Dataset>> = {};
  const files: Partial<Record<PartName, readonly string[]>> = {};
  for (const part of isFlat ? (['all'] as const) : (['train', 'validation', 'test'] as const)) {
    const members = own
      .flatMap((of) => [of[part], part === 'train' ? of.all : undefined])
      .filter((of) => of !== undefined);
    const [first, ...others] = members;
    if (!first) continue;
    const all = joined([first, ...others], `${name}/${part === 'all' ? 'train' : part}`);
    parts[part] = all;
    if (all.images) files[part] = all.images.paths;
  }
  return {
    name,
    classes,
    parts,
    normalisation: pooledNormalisation(
      several.map(({ found: { normalisation, parts: of } }) => ({
        normalisation,
        samples: Object.values(of).reduce((sum, { length }) => sum + length, 0),
      })),
    ),
    ...(Object.keys(files).length === Object.keys(parts).length && { files }),
    problems: problemsOf(several, parts, classes),
  };
}

/** The first's order where it knows all; else an order that does not depend on which was given first. */
function classesOf(several: readonly NamedData[]): readonly string[] {
  const lists = several.map(({ found }) => found.classes.map((name) => name.normalize('NFC')));
  const all = new Set(lists.flat());
  const [first = []] = lists;
  return first.length === all.size ? first : classOrder(all);
}

function withPrefix(dataset: Dataset, prefix: string, source: readonly string[]): Dataset {
  return {
    ...dataset,
    ids: Array.from({ length: dataset.length }, (_, index) => `${prefix}/${idOf(dataset, index)}`),
    source,
    read: (index) => dataset.read(index),
  };
}

/** What can only be said of all together. */
const ofAll: ReadonlySet<DataProblem['kind']> = new Set(['no training images', 'too few classes', 'single image']);

/** Those of each, but for what the others mend, and those of all together. */
function problemsOf(several: readonly NamedData[], parts: Parts, classes: readonly string[]): DataProblem[] {
  const text = sourceText(several.map(({ source }) => source));
  const each = several.flatMap(({ found }) => found.problems);
  const problems = each.filter(({ kind }) => !ofAll.has(kind));
  if (!parts.all && !parts.train)
    problems.push({
      severity: 'error',
      kind: 'no training images',
      message: `${text}: expected images to train on, but there are only ${Object.keys(parts).join(' and ') || 'none'}`,
      hint: 'add the folder or table that has them; skein eval does without',
    });
  if (classes.length < 2)
    problems.push({
      severity: 'error',
      kind: 'too few classes',
      message: `${text}: expected images of two or more classes, but got ${classes.length === 0 ? 'none' : `only ${namesInShort(classes)}`}`,
      hint: 'a classifier needs at least two classes to tell apart',
    });
  const trained = new Set(
    several.filter(({ found }) => found.parts.all ?? found.parts.train).flatMap(({ found }) => found.classes),
  );
  const unknown = classes.filter((name) => !trained.has(name));
  if (trained.size > 0 && unknown.length > 0)
    problems.push({
      severity: 'error',
      kind: 'unknown class',
      message: `${text}: expected only classes that are in train, but there is nothing to train on of ${namesInShort(unknown)}`,
      hint: 'add images of the class to train, or remove it; upper and lower case count',
    });
  if (!parts.validation) problems.push(...singleImages(text, classes, (parts.all ?? parts.train)?.labels));
  const said = new Set(each.map(({ path = '', message }) => message.slice(path.length)));
  const near = nearNames(text, classes, 'call the class alike everywhere where it is one');
  return [...problems, ...near.filter(({ message }) => !said.has(message.slice(text.length)))];
}
