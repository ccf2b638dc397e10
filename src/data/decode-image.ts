/** Image files as images of one size: whatever their orientation, colour space or depth. */
import { ConfigError } from '../tensor/index.ts';
import { concurrencyLimit } from './concurrency-limit.ts';
import type { Image } from './dataset.ts';
import { decodedFile } from './decoded-file.ts';
import type { ImageSize } from './scaling.ts';
import type { UprightPicture } from './upright-picture.ts';

/** sharp's names. */
const kernels = { nearest: 'nearest', bilinear: 'linear', bicubic: 'cubic', lanczos: 'lanczos3' } as const;

// more than libuv's four threads, so that they always find work, yet few enough open files and decoded images
const decoding = concurrencyLimit(16);

/**
 * Decodes a JPEG, PNG, WebP, AVIF, GIF or TIFF image (told by content): turned upright by its EXIF orientation, converted to 8-bit sRGB by its
 * profile, from CMYK, 16 bits (v/257) and grey as well, transparency laid on white; then scaled as `Scaling` says, and height × width cropped at the
 * centre. Shorter side and crop are rounded as torchvision does: a shrunk image differs from its by a few levels of 255.
 * Of an animation or of several pages, the first. A JPEG or PNG whose pixels are all there may lack the mark of its end. At most 16 images are
 * decoded at a time, however many are asked for.
 * @param pathOrBytes a file's path or its content
 * @throws DataError naming the file where it is missing, of another format, corrupt, or declares more than 268 million pixels
 */
export function decodeImage(pathOrBytes: string | Uint8Array, size: ImageSize): Promise<Image> {
  return decoding(() => decodeNow(pathOrBytes, size));
}

async function decodeNow(pathOrBytes: string | Uint8Array, size: ImageSize): Promise<Image> {
  const { channels, height, width } = size;
  if (![height, width].every((side) => Number.isInteger(side) && side > 0) || (channels !== 1 && channels !== 3))
    throw new ConfigError(
      `decodeImage: expected 1 or 3 channels and positive sides, but got ${channels} channels, ${height}×${width}`,
    );
  const side = size.resize?.shorterSide ?? Math.max(height, width);
  if (!(Number.isInteger(side) && side >= Math.max(height, width)))
    throw new ConfigError(`decodeImage: expected a shorter side that covers ${height}×${width}, but got ${side}`);
  const data = await decodedFile(pathOrBytes, (picture) => decode(picture, size));
  const isGrey = data.length === height * width;
  return { channels, height, width, pixels: channels === 3 ? channelsFirst(data) : isGrey ? data : luma(data) };
}

/** The pixels as [height, width, channels], of which there are 3, or 1 for grey of linear light. */
async function decode({ picture, inLevels, sides }: UprightPicture, size: ImageSize): Promise<Uint8Array> {
  const { channels, height, width, resize, interpolation, grey = 'luma' } = size;
  // decoding a JPEG at a half or a quarter is a scaling of its own, which no other program takes
  const kernel = interpolation && { kernel: kernels[interpolation], fastShrinkOnLoad: false };
  let sized: typeof picture;
  if (resize) {
    const whole = await sides();
    const [scaledWidth, scaledHeight] = scaledSides(whole.width, whole.height, resize.shorterSide);
    sized = picture
      .resize({ width: scaledWidth, height: scaledHeight, fit: 'fill', ...kernel })
      .extract({ left: margin(scaledWidth - width), top: margin(scaledHeight - height), width, height });
  } else sized = picture.resize({ width, height, fit: 'cover', position: 'centre', ...kernel });
  const coloured = channels === 1 && grey === 'light' ? sized.greyscale().toColourspace('b-w') : inLevels(sized);
  return await coloured.raw({ depth: 'uchar' }).toBuffer();
}

/** Width and height with the shorter one as asked for, and the longer one rounded down. */
function scaledSides(width: number, height: number, shorter: number): [number, number] {
  return width <= height
    ? [shorter, Math.floor((shorter * height) / width)]
    : [Math.floor((shorter * width) / height), shorter];
}

/** Half of what stands over; a half pixel goes to the even side, as Python rounds. */
function margin(over: number): number {
  const half = Math.floor(over / 2);
  return over % 2 === 1 && half % 2 === 1 ? half + 1 : half;
}

/** ITU-R BT.601, in the 16-bit integers of PIL. */
export function luma(rgb: Uint8Array): Uint8Array {
  const grey = new Uint8Array(rgb.length / 3);
  for (let i = 0, from = 0; i < grey.length; i++, from += 3)
    grey[i] =
      (19595 * (rgb[from] as number) + 38470 * (rgb[from + 1] as number) + 7471 * (rgb[from + 2] as number) + 0x8000) >>
      16;
  return grey;
}

function channelsFirst(interleaved: Uint8Array): Uint8Array {
  const area = interleaved.length / 3;
  const planar = new Uint8Array(interleaved.length);
  for (let i = 0, from = 0; i < area; i++) {
    planar[i] = interleaved[from++] as number;
    planar[area + i] = interleaved[from++] as number;
    planar[2 * area + i] = interleaved[from++] as number;
  }
  return planar;
}
