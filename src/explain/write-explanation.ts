/** An explanation as a folder: an overlay for each map, the map itself, and a page. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { encodePng, type Image } from '../data/index.ts';
import { makeFolder, writeFileAtomic } from '../files/index.ts';
import { explanationPage } from '../report/index.ts';
import { CheckpointError } from '../tensor/index.ts';
import type { AboutExplanation } from './about-explanation.ts';
import type { ExplainedMap, Explanation } from './explanation.ts';
import { freeName } from './free-name.ts';
import { numpyFile } from './numpy-file.ts';
import { overlay } from './overlay.ts';
import { pageData } from './page-data.ts';

/** A map with the overlay's file. */
export interface WrittenMap extends ExplainedMap {
  /** Of the image. */
  readonly name: string;
  readonly truth?: string;
  /** The overlay; the map itself is beside it, as .npy. */
  readonly file: string;
}

export interface WrittenExplanation {
  readonly page: string;
  /** In the order of images, labels and methods. */
  readonly maps: readonly WrittenMap[];
}

/** The page's file in the folder. */
const pageFile = 'explanation.html';

/** Before an explanation is made: it may take long. @throws CheckpointError where a file is in the folder's place */
export async function expectFolderFor(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found && !found.isDirectory())
    throw new CheckpointError(`${folder} is a file, and an explanation is a folder`, 'choose another with --out');
}

/**
 * Writes it into `folder`, which is made where it is not there; files of the same names are replaced.
 * @throws CheckpointError where a file cannot be written
 */
export async function writeExplanation(
  folder: string,
  explanation: Explanation,
  about: AboutExplanation,
): Promise<WrittenExplanation> {
  await makeFolder(folder).catch((error: NodeJS.ErrnoException) => {
    throw new CheckpointError(
      `${folder}: the folder cannot be made (${error.code ?? error})`,
      'choose another with --out',
    );
  });
  const maps: WrittenMap[] = [];
  const taken = new Set<string>();
  const files = new Map<ExplainedMap, { file: string; picture: Image; png: Uint8Array }>();
  for (const [at, { name, truth, image, maps: own }] of explanation.images.entries())
    for (const map of own) {
      const stem = fileStem(at + 1, name, map);
      const file = `${freeName(stem, taken, (number) => `${stem}-${number}`)}.png`;
      const [height, width] = map.map.shape as [number, number];
      const picture = overlay(image, { values: map.map.data, height, width });
      const png = await encodePng(picture);
      await writeFileAtomic(join(folder, file), png);
      await writeFileAtomic(join(folder, file.replace(/\.png$/, '.npy')), numpyFile(map.map));
      files.set(map, { file, picture, png });
      maps.push({ ...map, name, ...(truth !== undefined && { truth }), file: join(folder, file) });
    }
  const page = join(folder, pageFile);
  const pictureOf = (map: ExplainedMap) => {
    const { file, picture, png } = files.get(map) as NonNullable<ReturnType<typeof files.get>>;
    return { file, picture: { png, height: picture.height, width: picture.width } };
  };
  await writeFileAtomic(page, explanationPage(await pageData(explanation, about, pictureOf)));
  return { page, maps };
}

/** 3-cat-gradCam-dog: the image's number keeps equal names apart. */
function fileStem(number: number, image: string, { method, label }: ExplainedMap): string {
  const stem = image.replace(/^.*[/\\]/, '').replace(/\.[^.]*$/, '');
  return [String(number), plain(stem), method, plain(label)].join('-');
}

/** What every file system takes, and no web address must quote. */
const plain = (name: string) =>
  name
    .normalize('NFKD')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .slice(0, 40) || '_';
