/** Changes of single levels: a table of 256, for all channels or one for each, in the arithmetic of PIL's ImageOps and ImageEnhance. */
import { type Image, pixelMemory } from '../../data/index.ts';

/** What each of the 256 levels becomes. */
export type LevelTable = Uint8Array;

const tableOf = (level: (x: number) => number): LevelTable => Uint8Array.from({ length: 256 }, (_, x) => level(x));

/** A level within 0..255, without what is behind the point. */
const clipped = (x: number): number => (x <= 0 ? 0 : x >= 255 ? 255 : Math.trunc(x));

/** @param tables one for all channels, or one for each */
function mapped({ channels, height, width, pixels }: Image, tables: LevelTable | readonly LevelTable[]): Image {
  const area = height * width;
  const memory = pixelMemory();
  const [source, table, target] = memory.layOut(pixels.length, 256, pixels.length) as [number, number, number];
  memory.bytes.set(pixels, source);
  for (let channel = 0; channel < channels; channel++) {
    memory.bytes.set(tables instanceof Uint8Array ? tables : (tables[channel] as LevelTable), table);
    memory.kernels.lookUpLevels(source + channel * area, area, table, target + channel * area);
  }
  return { channels, height, width, pixels: memory.bytes.slice(target, target + pixels.length) };
}

/** Each level between `level` and itself: y = level + factor (x − level); beyond 1 away from it. In float32, as PIL's Image.blend. */
export function blendedWithLevel(image: Image, level: number, factor: number): Image {
  const share = Math.fround(factor);
  return mapped(
    image,
    tableOf((x) => clipped(Math.fround(level + Math.fround(share * (x - level))))),
  );
}

/** 0: black; 1: as it is. */
export const brightness = (image: Image, factor: number): Image => blendedWithLevel(image, 0, factor);

/** Keeps the first `bits` of each level. */
export const posterised = (image: Image, bits: number): Image =>
  mapped(
    image,
    tableOf((x) => x & -(2 ** (8 - bits))),
  );

/** Inverts levels from `threshold` on. */
export const solarised = (image: Image, threshold: number): Image =>
  mapped(
    image,
    tableOf((x) => (x < threshold ? x : 255 - x)),
  );

/** 255 − x. */
export const inverted = (image: Image): Image => solarised(image, 0);

/** Stretches each channel so that it reaches from 0 to 255. */
export const autoContrasted = (image: Image): Image => mapped(image, histograms(image).map(stretched));

/** Spreads each channel's levels so that each share of them is as frequent. */
export const equalised = (image: Image): Image => mapped(image, histograms(image).map(spread));

function histograms({ channels, pixels }: Image): Uint32Array[] {
  const area = pixels.length / channels;
  return Array.from({ length: channels }, (_, channel) => {
    const counts = new Uint32Array(256);
    for (let at = channel * area, end = at + area; at < end; at++) {
      const level = pixels[at] as number;
      counts[level] = (counts[level] as number) + 1;
    }
    return counts;
  });
}

function stretched(counts: Uint32Array): LevelTable {
  const low = counts.findIndex((count) => count > 0);
  const high = counts.findLastIndex((count) => count > 0);
  if (high <= low) return tableOf((x) => x);
  const scale = 255 / (high - low);
  const offset = -low * scale;
  return tableOf((x) => clipped(x * scale + offset));
}

function spread(counts: Uint32Array): LevelTable {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const ofLast = counts[counts.findLastIndex((count) => count > 0)] as number;
  const step = Math.floor((total - ofLast) / 255);
  if (step === 0) return tableOf((x) => x);
  let below = Math.floor(step / 2);
  return tableOf((x) => {
    const level = Math.min(255, Math.floor(below / step));
    below += counts[x] as number;
    return level;
  });
}
