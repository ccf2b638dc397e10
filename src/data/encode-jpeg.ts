import { ConfigError } from '../tensor/index.ts';
import { channelsLast } from './channels-last.ts';
import type { Image } from './dataset.ts';
import { loadSharp } from './sharp.ts';

/**
 * An image as a JPEG file's bytes: baseline, libjpeg's own tables, and colours at half the resolution, as PIL writes it.
 * @param quality 1 to 100, of libjpeg's scale
 * @throws ConfigError where the image has neither 1 nor 3 channels, or for another quality
 */
export async function encodeJpeg(image: Image, quality: number): Promise<Uint8Array> {
  const { channels, height, width } = image;
  if ((channels !== 1 && channels !== 3) || !(Number.isInteger(quality) && quality >= 1 && quality <= 100))
    throw new ConfigError(
      `encodeJpeg: expected 1 or 3 channels and a quality from 1 to 100, but got ${channels} channels and ${quality}`,
    );
  const sharp = await loadSharp();
  const picture = sharp(channelsLast(image), { raw: { width, height, channels } });
  const coloured = channels === 1 ? picture.toColourspace('b-w') : picture;
  return coloured.jpeg({ quality, chromaSubsampling: '4:2:0' }).toBuffer();
}
