import { ConfigError } from '../tensor/index.ts';
import { channelsLast } from './channels-last.ts';
import type { Image } from './dataset.ts';
import { loadSharp } from './sharp.ts';

/** Options of `encodePng`. */
export interface PngOptions {
  /** Images with a longer side are scaled down to this one; default: never. */
  readonly longestSide?: number;
}

/**
 * An image as a PNG file's bytes, its pixels unchanged unless it is scaled down.
 * @throws ConfigError where the image has neither 1 nor 3 channels, or its pixels do not fill it
 */
export async function encodePng(image: Image, { longestSide }: PngOptions = {}): Promise<Uint8Array> {
  const { channels, height, width, pixels } = image;
  if ((channels !== 1 && channels !== 3) || pixels.length !== channels * height * width)
    throw new ConfigError(
      `encodePng: expected 1 or 3 channels and as many bytes as they have pixels, but got ${channels}×${height}×${width} ` +
        `and ${pixels.length} bytes`,
    );
  const sharp = await loadSharp();
  const picture = sharp(channelsLast(image), { raw: { width, height, channels } });
  const sized =
    longestSide === undefined
      ? picture
      : picture.resize({ width: longestSide, height: longestSide, fit: 'inside', withoutEnlargement: true });
  // a grey image stays one byte a pixel
  const coloured = channels === 1 ? sized.toColourspace('b-w') : sized;
  return coloured.png().toBuffer();
}
