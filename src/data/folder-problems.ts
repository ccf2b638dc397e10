/** What is wrong, or worth knowing, about the folders of an image folder. */
import { extname, join } from 'node:path';
import type { DataProblem } from './data-problem.ts';
import { imageFormats } from './file-kind.ts';
import type { FolderPart } from './folder-layout.ts';
import type { FolderTree } from './folder-tree.ts';
import { singleImages } from './single-images.ts';

/** In the order in which a person meets them; errors keep training away. */
export function folderProblems(
  path: string,
  tree: FolderTree,
  parts: readonly FolderPart[],
  passedOver: readonly string[],
  classes: readonly string[],
): DataProblem[] {
  const training = parts.find(({ part }) => part === 'all' || part === 'train');
  return [
    ...tree.unreadable,
    ...tooFewClasses(path, tree, training, parts),
    ...parts.flatMap((part) => classProblems(path, tree, part, classes, part === training)),
    ...(training && !parts.some(({ part }) => part === 'validation')
      ? singleImages(join(path, training.folder), training.classes, labelsIn(tree, training))
      : []),
    ...looseImages(path, tree, parts),
    ...ignoredFiles(path, tree),
    ...passedOverFolders(path, tree, passedOver),
  ];
}

function tooFewClasses(
  path: string,
  { images, withImages }: FolderTree,
  training: FolderPart | undefined,
  parts: readonly FolderPart[],
): DataProblem[] {
  if (training === undefined)
    return [
      {
        severity: 'error',
        kind: 'no training images',
        path,
        message: `${path}: expected images to train on, but it only has ${parts.map(({ folder }) => `\`${folder}\``).join(' and ')}`,
        hint: 'put the training images into a folder `train` beside it',
      },
    ];
  if (training.classes.length >= 2) return [];
  const where = join(path, training.folder);
  const [only = ''] = training.classes;
  const inside = training.folder === '' ? only : `${training.folder}/${only}`;
  const deeper = [...withImages].filter((folder) => folder.startsWith(`${inside}/`));
  const got = training.classes.length === 0 ? 'none' : `only \`${training.classes[0]}\``;
  const unlabelled =
    training.classes.length === 0 && images.length > 0 ? ` (${images.length} images lie there without one)` : '';
  return [
    {
      severity: 'error',
      kind: 'too few classes',
      path: where,
      message: `${where}: expected a subfolder for each of two or more classes, but got ${got}${unlabelled}`,
      hint:
        deeper.length < 2
          ? 'a classifier needs at least two classes to tell apart: put the images of each into a subfolder of its name'
          : `if ${join(where, only)} is the data, give that`,
    },
  ];
}

function classProblems(
  path: string,
  { images, withImages, unreadable }: FolderTree,
  { part, folder, classes: folders }: FolderPart,
  classes: readonly string[],
  isTraining: boolean,
): DataProblem[] {
  const where = join(path, folder);
  const inside = (name: string) => (folder === '' ? name : `${folder}/${name}`);
  const problems: DataProblem[] = [];
  const known = new Set(classes);
  const unknown = folders.filter((name) => !known.has(name.normalize('NFC')));
  if (unknown.length > 0)
    problems.push({
      severity: 'error',
      kind: 'unknown class',
      path: where,
      message:
        `${where}: expected only classes that are in train, but got ${unknown.map((name) => `\`${name}\``).join(', ')} ` +
        `(train has ${classes.join(', ')})`,
      hint: 'add the class to train, or remove its folder here; upper and lower case count',
    });
  const isUnknown = (name: string) =>
    unreadable.some(
      ({ path: at = '' }) => at === join(path, inside(name)) || at.startsWith(join(path, inside(name), '/')),
    );
  for (const name of folders)
    if (!withImages.has(inside(name)) && !unknown.includes(name) && !isUnknown(name))
      problems.push({
        severity: isTraining ? 'error' : 'warning',
        kind: 'empty class',
        path: join(path, inside(name)),
        message: `${join(path, inside(name))}: expected images of class \`${name}\`, but there is no ${imageFormats('or')} file`,
        hint: 'add images, or remove the folder',
      });
  if (folders.length === 0 && !isTraining && !(part === 'test' && holdsLoose(images, folder)))
    problems.push({
      severity: 'error',
      kind: 'empty class',
      path: where,
      message: `${where}: expected a subfolder per class, but there is none`,
      hint: 'put images into subfolders that are named as those of train, or remove the folder',
    });
  const there = new Set(folders.map((name) => name.normalize('NFC')));
  const missing = classes.filter((name) => !there.has(name));
  if (missing.length > 0 && folders.length > 0)
    problems.push({
      severity: 'warning',
      kind: 'missing class',
      path: where,
      message: `${where}: there is no folder for ${missing.map((name) => `\`${name}\``).join(', ')} in the ${part} split`,
    });
  return problems;
}

/** Of the images in class folders, the place of their class among these. */
function labelsIn({ images }: FolderTree, { folder, classes }: FolderPart): number[] {
  const labels = new Map(classes.map((name, label) => [name, label]));
  const prefix = folder === '' ? '' : `${folder}/`;
  return images
    .filter((image) => image.startsWith(prefix))
    .flatMap((image) => labels.get(image.slice(prefix.length, image.indexOf('/', prefix.length))) ?? []);
}

/** A test set without labels is nothing to train on, and no mistake. */
const holdsLoose = (images: readonly string[], folder: string) =>
  images.some((image) => image.startsWith(`${folder}/`));

/** Images that lie where no class is. */
function looseImages(path: string, { images }: FolderTree, parts: readonly FolderPart[]): DataProblem[] {
  const folders = new Set(['', ...parts.map(({ folder }) => folder)]);
  return [...folders].flatMap((folder) => {
    const prefix = folder === '' ? '' : `${folder}/`;
    const loose = images.filter((image) => image.startsWith(prefix) && !image.includes('/', prefix.length));
    if (loose.length === 0) return [];
    const where = join(path, folder);
    return [
      {
        severity: 'warning',
        kind: 'unlabelled images',
        path: where,
        count: loose.length,
        message: `${where}: ${loose.length === 1 ? 'an image lies' : `${loose.length} images lie`} in no folder of a class, such as ${base(loose[0] as string)}: passed over`,
        hint: '`skein predict` answers for images without labels',
      } as const,
    ];
  });
}

function ignoredFiles(path: string, { others }: FolderTree): DataProblem[] {
  const byFolder = new Map<string, string[]>();
  for (const file of others) {
    const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '';
    byFolder.set(folder, [...(byFolder.get(folder) ?? []), file]);
  }
  return [...byFolder].map(([folder, files]) => {
    const kinds = [...new Set(files.map((file) => extname(file).toLowerCase() || base(file)))];
    const which =
      files.length === 1
        ? `${base(files[0] as string)} is`
        : `${files.length} files (${kinds.slice(0, 4).join(', ')}) are`;
    return {
      severity: 'warning',
      kind: 'ignored files',
      path: join(path, folder),
      count: files.length,
      message: `${join(path, folder)}: ${which} not read: ${imageFormats('and')} files are`,
    };
  });
}

function passedOverFolders(path: string, { runs, withImages }: FolderTree, folders: readonly string[]): DataProblem[] {
  const withSome = folders.filter((folder) => withImages.has(folder));
  return [
    ...runs.map((run) => ({ path: join(path, run), message: `${join(path, run)}: the folder of a run, passed over` })),
    ...withSome.map((folder) => ({
      path: join(path, folder),
      message: `${join(path, folder)}: a folder of images beside the splits, passed over`,
    })),
  ].map((problem) => ({ severity: 'warning', kind: 'passed over', ...problem }));
}

const base = (file: string) => file.slice(file.lastIndexOf('/') + 1);
