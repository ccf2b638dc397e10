/** Colours by hue, saturation and value (Smith 1978), in the arithmetic of scikit-image; and grey images, which have none. */
import type { Image } from '../../data/index.ts';
import { imageFrom, sharesOf } from './shares.ts';

/** What becomes of saturation and value, each 0..1. */
export type HsvChange = (saturation: number, value: number) => readonly [saturation: number, value: number];

/** An RGB image whose hues stay. */
export function inHsv(image: Image, change: HsvChange): Image {
  const shares = sharesOf(image);
  const area = image.height * image.width;
  for (let red = 0, green = area, blue = 2 * area; red < area; red++, green++, blue++) {
    const [r, g, b] = [shares[red] as number, shares[green] as number, shares[blue] as number];
    const value = Math.max(r, g, b);
    const range = value - Math.min(r, g, b);
    const sixths = hueOf(r, g, b, value, range) * 6;
    const [s, v] = change(range === 0 ? 0 : range / value, value);
    const sector = Math.floor(sixths);
    const within = sixths - sector;
    const low = v * (1 - s);
    const falling = v * (1 - within * s);
    const rising = v * (1 - (1 - within) * s);
    shares[red] = [v, falling, low, low, rising, v][sector % 6] as number;
    shares[green] = [rising, v, v, falling, low, low][sector % 6] as number;
    shares[blue] = [low, low, rising, v, v, falling][sector % 6] as number;
  }
  return imageFrom(image, shares);
}

/** 0..1; where two channels are the greatest, the later one decides. */
function hueOf(r: number, g: number, b: number, value: number, range: number): number {
  if (range === 0) return 0;
  const sixths = b === value ? 4 + (r - g) / range : g === value ? 2 + (b - r) / range : (g - b) / range;
  const turns = sixths / 6;
  return turns < 0 ? turns + 1 : turns;
}

/** The published definitions know only RGB: a grey image becomes one, is changed, and becomes grey again by the luma of ITU-R BT.601. */
export function inColour(image: Image, change: (image: Image) => Image): Image {
  if (image.channels === 3) return change(image);
  const { height, width, pixels } = image;
  const area = height * width;
  const tripled = new Uint8Array(3 * area);
  for (let channel = 0; channel < 3; channel++) tripled.set(pixels, channel * area);
  const changed = change({ channels: 3, height, width, pixels: tripled }).pixels;
  const grey = new Uint8Array(area);
  for (let at = 0; at < area; at++) {
    const [r, g, b] = [changed[at] as number, changed[at + area] as number, changed[at + 2 * area] as number];
    // PIL's: 0.299, 0.587 and 0.114 in units of 2⁻¹⁶
    grey[at] = (19_595 * r + 38_470 * g + 7_471 * b + 0x8000) >> 16;
  }
  return { channels: 1, height, width, pixels: grey };
}

/** 0.299 R + 0.587 G + 0.114 B of shares [channels, height, width]. */
export function lumaOf({ channels, height, width }: Omit<Image, 'pixels'>, shares: Float64Array): Float64Array {
  const area = height * width;
  if (channels === 1) return shares;
  return Float64Array.from(
    { length: area },
    (_, at) =>
      0.299 * (shares[at] as number) +
      0.587 * (shares[at + area] as number) +
      0.114 * (shares[at + 2 * area] as number),
  );
}
