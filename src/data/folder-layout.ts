/** What the folders of an image folder mean: classes, or splits with classes in them. Names alone decide; nothing is opened. */
import { DataError } from '../tensor/index.ts';
import type { FolderTree } from './folder-tree.ts';

/** How an image folder is laid out: `classes` takes each folder for a class, `splits` takes only train, val and test. Default 'auto'. */
export const layouts = ['auto', 'classes', 'splits'] as const;
export type Layout = (typeof layouts)[number];

/** The parts of data; data without parts is `all`. */
export const partNames = ['all', 'train', 'validation', 'test'] as const;
export type PartName = (typeof partNames)[number];

/** One part: a folder of class folders. */
export interface FolderPart {
  readonly part: PartName;
  /** Relative to the data; '' is the data's folder itself. */
  readonly folder: string;
  /** The names of the class folders in it. */
  readonly classes: readonly string[];
}

/** The layout that was found. */
export interface FolderLayout {
  readonly parts: readonly FolderPart[];
  /** Folders that mean nothing here, with images or without. */
  readonly passedOver: readonly string[];
}

const names: Readonly<Record<Exclude<PartName, 'all'>, readonly string[]>> = {
  train: ['train', 'training'],
  validation: ['val', 'valid', 'validation'],
  test: ['test', 'testing'],
};

/** The split that a folder's name, or a word in a table, means; any case. */
export const splitOf = (folder: string): Exclude<PartName, 'all'> | undefined =>
  (Object.keys(names) as (keyof typeof names)[]).find((part) => names[part].includes(folder.trim().toLowerCase()));

/**
 * @param path the data, as messages name it
 * @throws DataError where it cannot be told what is a class and what a split, or one split is there twice
 */
export function folderLayout(path: string, tree: FolderTree, layout: Layout): FolderLayout {
  const all = topOf(tree.folders, '').filter((folder) => !holdsOnlyRuns(tree, folder));
  const named = all.filter((folder) => splitOf(folder) !== undefined);
  const rest = all.filter((folder) => splitOf(folder) === undefined);
  const asClasses = { parts: [{ part: 'all', folder: '', classes: all }], passedOver: [] } as const;
  if (layout === 'classes' || (layout === 'auto' && named.length === 0)) return asClasses;
  const holdsClasses = (folder: string) =>
    topOf(tree.folders, folder).some((name) => holdsImages(tree, `${folder}/${name}`));
  const split = (folder: string): FolderPart => ({
    part: splitOf(folder) as PartName,
    folder,
    classes: topOf(tree.folders, folder).filter((name) => !holdsOnlyRuns(tree, `${folder}/${name}`)),
  });
  if (layout === 'splits' || !rest.some((folder) => holdsImages(tree, folder))) {
    if (layout === 'auto' && !named.some(holdsClasses) && named.some((folder) => holdsImages(tree, folder)))
      throw cannotTell(path, 'there are images, but no folders of classes', named);
    return { parts: withoutTwins(path, named.map(split)), passedOver: rest };
  }
  // beside folders that look like classes
  const [first = ''] = named;
  if (named.length === 1 && splitOf(first) === 'train' && !holdsClasses(first)) return asClasses;
  const known = new Set(rest);
  if (
    splitOf(first) !== 'train' &&
    named.every((folder) => holdsClasses(folder) && topOf(tree.folders, folder).every((name) => known.has(name)))
  )
    return {
      parts: [{ part: 'train', folder: '', classes: rest }, ...withoutTwins(path, named.map(split))],
      passedOver: [],
    };
  if (named.some((folder) => splitOf(folder) === 'train' && holdsClasses(folder)))
    return { parts: withoutTwins(path, named.map(split)), passedOver: rest };
  throw cannotTell(path, `beside ${named.length === 1 ? 'it' : 'them'} there are ${list(rest)}`, named);
}

function cannotTell(path: string, seen: string, named: readonly string[]): DataError {
  return new DataError(
    `${path}: it cannot be told whether ${list(named)} ${named.length === 1 ? 'is a split or a class' : 'are splits or classes'}: ${seen}`,
    "--layout classes (layout: 'classes') takes every folder for a class; --layout splits takes folders in train, val and test for classes; unlabelled images go elsewhere",
  );
}

function withoutTwins(path: string, parts: readonly FolderPart[]): readonly FolderPart[] {
  for (const { part, folder } of parts) {
    const twin = parts.find((other) => other.part === part && other.folder !== folder);
    if (twin)
      throw new DataError(
        `${path}: expected one folder for the ${part} split, but there are ${list([folder, twin.folder])}`,
        'keep one of them, or put one into the other',
      );
  }
  return parts;
}

const list = (folders: readonly string[]) => {
  const shown = folders.slice(0, 4).map((folder) => `\`${folder}\``);
  return folders.length > 4 ? `${shown.join(', ')} and ${folders.length - 4} more` : shown.join(', ');
};

/** The folders directly in `folder`. */
function topOf(folders: readonly string[], folder: string): string[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  return folders
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length))
    .filter((name) => name !== '' && !name.includes('/'));
}

const holdsImages = ({ withImages }: FolderTree, folder: string) => withImages.has(folder);

/** A run folder, or a folder of them and of nothing else. */
function holdsOnlyRuns(tree: FolderTree, folder: string): boolean {
  if (tree.runs.includes(folder)) return true;
  if (holdsImages(tree, folder)) return false;
  return tree.runs.some((run) => run.startsWith(`${folder}/`)) || folder === 'runs';
}
