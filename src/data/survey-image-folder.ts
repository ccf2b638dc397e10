/** A survey of an image folder: unlike loading, it goes on where something is wrong, and opens every image. */
import { basename, join, resolve } from 'node:path';
import { DataError } from '../tensor/index.ts';
import { readBytes } from './binary-file.ts';
import { decodeImage } from './decode-image.ts';
import { kindOf, listFolder } from './folder-listing.ts';
import { fileDataset, imageName, subfolders, validationNames } from './image-folder.ts';
import { imageNetNormalisation } from './normalisation.ts';
import { loadSharp } from './sharp.ts';
import { countClasses, type DataProblem, type DataSurvey, ImageFactsCollector, type SplitSurvey } from './survey.ts';

/** Options of `surveyData`. */
export interface SurveyOptions {
  /** Height and width of the survey's samples, where images have to be scaled; default 96. */
  readonly tile?: number;
  /** Hears how many images have been opened. */
  readonly onProgress?: (done: number, total: number) => void;
}

interface Listing {
  readonly name: SplitSurvey['name'];
  readonly files: string[];
  readonly labels: number[];
}

/** @throws DataError where a folder cannot be read */
export async function surveyImageFolder(path: string, { tile = 96, onProgress }: SurveyOptions): Promise<DataSurvey> {
  const name = basename(resolve(path));
  const problems: DataProblem[] = [];
  const folders = await subfolders(path);
  const trainPath = folders.includes('train') ? join(path, 'train') : path;
  const classes = await subfolders(trainPath);
  if (classes.length < 2)
    problems.push({
      severity: 'error',
      kind: 'too few classes',
      path: trainPath,
      message: `${trainPath}: expected a subfolder for each of two or more classes, but got ${classes.length}`,
    });
  const listings = [await listSplit('train', trainPath, classes, problems)];
  if (trainPath !== path) {
    const validation = validationNames.find((candidate) => folders.includes(candidate));
    if (validation !== undefined)
      listings.push(await listSplit('validation', join(path, validation), classes, problems));
    if (folders.includes('test')) listings.push(await listSplit('test', join(path, 'test'), classes, problems));
  }
  const total = listings.reduce((sum, { files }) => sum + files.length, 0);
  let done = 0;
  const splits: SplitSurvey[] = [];
  for (const listing of listings) {
    const images = await openAll(listing.files, problems, () => onProgress?.(++done, total));
    const dataset = fileDataset(`${name}/${listing.name}`, classes, listing.files, listing.labels, {
      channels: 3,
      height: tile,
      width: tile,
    });
    splits.push({ name: listing.name, dataset, counts: await countClasses(dataset), ...(images && { images }) });
  }
  return { name, classes, splits, normalisation: imageNetNormalisation, problems };
}

async function listSplit(
  name: Listing['name'],
  path: string,
  classes: readonly string[],
  problems: DataProblem[],
): Promise<Listing> {
  const listing: Listing = { name, files: [], labels: [] };
  const folders = await subfolders(path);
  for (const folder of folders) {
    const label = classes.indexOf(folder);
    const inside = join(path, folder);
    if (label < 0) {
      const message = `${inside}: expected only classes that are in train, but it has no \`${folder}\``;
      problems.push({ severity: 'error', kind: 'unknown class', path: inside, message });
      continue;
    }
    const entries = await listFolder(inside);
    const images = entries.filter((entry) => imageName.test(entry));
    for (const image of images) {
      listing.files.push(join(inside, image));
      listing.labels.push(label);
    }
    if (images.length === 0)
      problems.push({
        severity: 'error',
        kind: 'empty class',
        path: inside,
        message: `${inside}: expected images of class \`${folder}\`, but there is no JPEG, PNG or WebP file`,
      });
    const [other] = entries.filter((entry) => !images.includes(entry));
    const others = entries.length - images.length;
    if (other !== undefined) {
      const which = others === 1 ? `\`${other}\` is` : `${others} entries, such as \`${other}\`, are`;
      problems.push({
        severity: 'warning',
        kind: 'ignored files',
        path: inside,
        message: `${inside}: ${which} not read: ${await reason(join(inside, other))}`,
      });
    }
  }
  const missing = classes.filter((known) => !folders.includes(known));
  if (missing.length > 0)
    problems.push({
      severity: 'warning',
      kind: 'missing class',
      path,
      message: `${path}: there is no folder for ${missing.map((known) => `\`${known}\``).join(', ')}`,
    });
  return listing;
}

const reason = async (path: string) =>
  (await kindOf(path)) === 'folder' ? 'deeper folders are left out' : 'only .jpg, .jpeg, .png and .webp are images';

/** Opens every file, several at a time; problems come in the files' order. */
async function openAll(files: readonly string[], problems: DataProblem[], onEach: () => void) {
  const collector = new ImageFactsCollector();
  const failed: (string | undefined)[] = [];
  let next = 0;
  const openNext = async (): Promise<void> => {
    for (let at = next++; at < files.length; at = next++) {
      const found = await openImage(files[at] as string);
      if (typeof found === 'string') failed[at] = found;
      else collector.add(found);
      onEach();
    }
  };
  await Promise.all(Array.from({ length: 16 }, openNext));
  files.forEach((path, at) => {
    const message = failed[at];
    if (message !== undefined) problems.push({ severity: 'error', kind: 'unreadable image', path, message });
  });
  return collector.facts();
}

/** An image's upright size and channels, or what is wrong with it: decoded to the last byte, as training would. */
async function openImage(path: string): Promise<{ height: number; width: number; channels: number } | string> {
  const sharp = await loadSharp();
  try {
    // a small result lets JPEG decode at a fraction of its size
    await decodeImage(path, { channels: 3, height: 8, width: 8 });
    const { autoOrient, channels } = await sharp(await readBytes(path)).metadata();
    return { height: autoOrient.height, width: autoOrient.width, channels };
  } catch (error) {
    if (error instanceof DataError) return error.message;
    throw error;
  }
}
