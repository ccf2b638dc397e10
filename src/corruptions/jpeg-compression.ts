import { decodeImage, encodeJpeg } from '../data/index.ts';
import { defineCorruption } from './corruption.ts';

/**
 * Written as a JPEG and read again. The constants are its quality, of libjpeg's scale; colours have half the resolution. Encoder and decoder are those
 * of this machine, of which two may differ by single levels.
 */
export const jpegCompression = defineCorruption({
  name: 'jpegCompression',
  aliases: ['jpeg'],
  about: 'is a JPEG of low quality',
  category: 'digital',
  large: [25, 18, 15, 10, 7],
  small: [80, 65, 58, 50, 40],
  async apply(image, quality) {
    const { height, width } = image;
    return decodeImage(await encodeJpeg(image, quality), { channels: image.channels as 1 | 3, height, width });
  },
});
