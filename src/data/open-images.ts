/** A survey of image files: unlike training, it goes on where something is wrong, and opens every image. */
import { createHash } from 'node:crypto';
import { DataError } from '../tensor/index.ts';
import { readBytes } from './binary-file.ts';
import type { DataProblem } from './data-problem.ts';
import { decodeImage } from './decode-image.ts';
import { loadSharp } from './sharp.ts';
import { type ImageFacts, ImageFactsCollector } from './survey.ts';

/** What was found in files. */
export interface OpenedImages {
  /** Absent where no image can be read. */
  readonly facts: ImageFacts | undefined;
  /** Of each file, equal for equal bytes; undefined where it cannot be read. */
  readonly digests: readonly (string | undefined)[];
}

/** Opens every file, several at a time; problems come in the files' order. */
export async function openImages(
  files: readonly string[],
  problems: DataProblem[],
  onEach: () => void,
): Promise<OpenedImages> {
  const collector = new ImageFactsCollector();
  const failed: (string | undefined)[] = [];
  const digests = new Array<string | undefined>(files.length).fill(undefined);
  let next = 0;
  const openNext = async (): Promise<void> => {
    for (let at = next++; at < files.length; at = next++) {
      const found = await openImage(files[at] as string);
      if (typeof found === 'string') failed[at] = found;
      else {
        collector.add(found);
        digests[at] = found.digest;
      }
      onEach();
    }
  };
  await Promise.all(Array.from({ length: 16 }, openNext));
  files.forEach((path, at) => {
    const message = failed[at];
    if (message !== undefined) problems.push({ severity: 'error', kind: 'unreadable image', path, message });
  });
  return { facts: collector.facts(), digests };
}

interface OpenedImage {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly digest: string;
}

/** An image's upright size and channels, or what is wrong with it: decoded to the last byte, as training would. */
async function openImage(path: string): Promise<OpenedImage | string> {
  const sharp = await loadSharp();
  try {
    // a small result lets JPEG decode at a fraction of its size
    await decodeImage(path, { channels: 3, height: 8, width: 8 });
    const bytes = await readBytes(path);
    const { autoOrient, channels } = await sharp(bytes).metadata();
    const digest = createHash('sha256').update(bytes).digest('base64');
    return { height: autoOrient.height, width: autoOrient.width, channels, digest };
  } catch (error) {
    if (error instanceof DataError) return error.message;
    throw error;
  }
}
