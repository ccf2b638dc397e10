/** A survey of image files: unlike training, it goes on where something is wrong, and opens every image. */
import { DataError } from '../tensor/index.ts';
import { readBytes } from './binary-file.ts';
import type { DataProblem } from './data-problem.ts';
import { decodeImage } from './decode-image.ts';
import { loadSharp } from './sharp.ts';
import { type ImageFacts, ImageFactsCollector } from './survey.ts';

/** Opens every file, several at a time; problems come in the files' order. */
export async function openImages(
  files: readonly string[],
  problems: DataProblem[],
  onEach: () => void,
): Promise<ImageFacts | undefined> {
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
