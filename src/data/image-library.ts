import { decodeImage } from './decode-image.ts';
import { loadSharp, type Sharp } from './sharp.ts';
import { hasTurboJpeg } from './turbo-jpeg.ts';

/** What is known of the library. */
export interface ImageLibrary {
  readonly name: 'sharp';
  readonly version: string;
  /** Of libvips, which does its work. */
  readonly vips: string;
  /** Whether the system has libjpeg-turbo, which decodes plain JPEGs in half the time. */
  readonly hasTurboJpeg?: boolean;
  /** It decoded a small image. */
  readonly works: boolean;
  readonly problem?: string;
}

/** The library that decodes images, tried on one. Never throws. */
export async function imageLibrary(): Promise<ImageLibrary> {
  let sharp: Sharp;
  try {
    sharp = await loadSharp();
  } catch (error) {
    return { name: 'sharp', version: 'unknown', vips: 'unknown', works: false, problem: (error as Error).message };
  }
  const { sharp: version = 'unknown', vips } = sharp.versions;
  const about = { name: 'sharp', version, vips, hasTurboJpeg: await hasTurboJpeg() } as const;
  try {
    const red = { create: { width: 9, height: 9, channels: 3, background: '#ff0000' } } as const;
    const { pixels } = await decodeImage(await sharp(red).png().toBuffer(), { channels: 3, height: 2, width: 2 });
    const works = pixels.every((level, i) => level === (i < 4 ? 255 : 0));
    return { ...about, works, ...(!works && { problem: 'a red image comes out in another colour' }) };
  } catch (error) {
    return { ...about, works: false, problem: (error as Error).message };
  }
}
