/** A map laid over its image. */
import type { Image } from '../data/index.ts';
import { enlarge } from './arithmetic/enlarge.ts';
import { heatColour } from './arithmetic/heat-colours.ts';
import type { HeatMap } from './heat-map.ts';

/** Small images are enlarged by a whole factor up to this side. */
const comfortableSide = 256;

/** How much of the image the strongest heat covers. */
const opacity = 0.85;

/** Colours for 256 steps of heat. */
const colours = Array.from({ length: 256 }, (_, i) => heatColour(i / 255));

/** How many times larger than the image its overlay is. */
const overlayFactor = ({ height, width }: Pick<Image, 'height' | 'width'>): number =>
  Math.max(1, Math.floor(comfortableSide / Math.max(height, width)));

/**
 * The image in grey, in 3 channels, and over it what speaks for the label: the stronger, the more coloured and the lighter. The strongest place is
 * full heat (of maps of single pixels, the strongest hundredth), and what speaks against the label is left grey.
 */
export function overlay(image: Image, map: Pick<HeatMap, 'values' | 'height' | 'width'>): Image {
  const factor = overlayFactor(image);
  const [height, width] = [image.height * factor, image.width * factor];
  const most = strongest(map);
  const heat = enlarge(map, { height, width });
  const area = height * width;
  const pixels = new Uint8Array(3 * area);
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) {
      const level = greyAt(image, Math.floor(y / factor), Math.floor(x / factor));
      const share = most > 0 ? Math.min(1, Math.max(0, (heat[i] as number) / most)) : 0;
      const colour = colours[Math.round(255 * share)] as readonly number[];
      const cover = opacity * Math.sqrt(share);
      for (let channel = 0; channel < 3; channel++)
        pixels[channel * area + i] = Math.round(level * (1 - cover) + (colour[channel] as number) * cover);
    }
  return { channels: 3, height, width, pixels };
}

/** A level that is full heat; 0 where nothing speaks for the label. */
function strongest({ values }: Pick<HeatMap, 'values'>): number {
  const sorted = Float32Array.from(values).sort();
  const largest = sorted.at(-1) ?? 0;
  if (sorted.length < 400) return Math.max(0, largest);
  const high = sorted[Math.floor(0.99 * (sorted.length - 1))] as number;
  return high > 0 ? high : Math.max(0, largest);
}

/** ITU-R BT.601. */
function greyAt({ channels, height, width, pixels }: Image, y: number, x: number): number {
  const [red, green = red, blue = red] = Array.from(
    { length: Math.min(3, channels) },
    (_, channel) => pixels[channel * height * width + y * width + x] as number,
  ) as [number, number?, number?];
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}

/** The image as large as its overlays, each of its pixels a square. */
export function enlarged(image: Image): Image {
  const factor = overlayFactor(image);
  const [height, width] = [image.height * factor, image.width * factor];
  const { channels } = image;
  const pixels = new Uint8Array(channels * height * width);
  for (let channel = 0, i = 0; channel < channels; channel++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++, i++)
        pixels[i] = image.pixels[
          (channel * image.height + Math.floor(y / factor)) * image.width + Math.floor(x / factor)
        ] as number;
  return { channels, height, width, pixels };
}
