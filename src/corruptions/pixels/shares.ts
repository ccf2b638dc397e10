/** Levels 0..255 as shares 0..1 and back, as the published scripts compute: what is behind the point of a level is cut off. */
import type { Image } from '../../data/index.ts';

/** Shares of all pixels, [channels, height, width] as the image's. */
export type Shares = Float64Array;

const shareOfLevel = Float64Array.from({ length: 256 }, (_, level) => level / 255);

export function sharesOf({ pixels }: Pick<Image, 'pixels'>): Shares {
  const shares = new Float64Array(pixels.length);
  for (let at = 0; at < shares.length; at++) shares[at] = shareOfLevel[pixels[at] as number] as number;
  return shares;
}

/** A share within 0..1 as a level. */
export const levelOf = (share: number): number => (share <= 0 ? 0 : share >= 1 ? 255 : Math.trunc(share * 255));

/** An image of the size of another, from shares of which those outside of 0..1 are clipped. */
export function imageFrom({ channels, height, width }: Omit<Image, 'pixels'>, shares: Shares): Image {
  const pixels = new Uint8Array(shares.length);
  for (let at = 0; at < pixels.length; at++) pixels[at] = levelOf(shares[at] as number);
  return { channels, height, width, pixels };
}

/** Each share by itself, in the order of the pixels. */
export function eachShare(image: Image, change: (share: number, at: number) => number): Image {
  const { channels, height, width, pixels } = image;
  const changed = new Uint8Array(pixels.length);
  for (let at = 0; at < changed.length; at++)
    changed[at] = levelOf(change(shareOfLevel[pixels[at] as number] as number, at));
  return { channels, height, width, pixels: changed };
}

/** The plane of each channel, without copying. */
export const planesOf = <Of extends Float64Array | Uint8Array>(
  { channels, height, width }: Omit<Image, 'pixels'>,
  values: Of,
): Of[] => {
  const area = height * width;
  return Array.from({ length: channels }, (_, channel) => values.subarray(channel * area, (channel + 1) * area) as Of);
};

/** Each plane by itself. */
export function eachPlane(image: Image, change: (plane: Shares) => Shares): Image {
  const shares = sharesOf(image);
  for (const plane of planesOf(image, shares)) plane.set(change(plane));
  return imageFrom(image, shares);
}
