/** What decodes image files on this machine: others may give a level more or less. */
import { loadSharp } from './sharp.ts';
import { hasTurboJpeg, turboJpegName } from './turbo-jpeg.ts';

/**
 * All that decoded pictures depend on, besides their files, as text. Threads need sharp to be loaded in the main thread before they start (its
 * documentation, of glibc). @throws DataError where it is missing
 */
export const decoderVersions = async (): Promise<string> =>
  JSON.stringify([process.platform, process.arch, (await loadSharp()).versions, await turboJpegName()]);

/** The same in short: `sharp 0.35.5, libjpeg-turbo`. */
export const decoders = async (): Promise<string> => {
  const { sharp = '' } = (await loadSharp()).versions;
  return `sharp ${sharp}${(await hasTurboJpeg()) ? ', libjpeg-turbo' : ''}`;
};
